package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelyard.dashboard.TryViewTest.answer;
import static io.modelyard.dashboard.TryViewTest.named;
import static io.modelyard.dashboard.TryViewTest.predict;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.modelyard.dashboard.Browser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The views Try, Traffic, Logs and Keys in both themes, on a desk and on a phone; pictures of them are in target/screenshots. */
@Timeout(300)
final class WorkViewsLookTest {
    @TempDir
    static Path store;
    private static DashboardHouse house;

    @BeforeAll
    static void start() {
        house = new DashboardHouse(store);
        house.server().post("/ab-test/configure",
                "{\"type\": \"breast-cancer\", \"models\": [\"1\", \"2\"], \"strategy\": \"random\"}");
        for (int i = 0; i < 12; i++) {
            String id = house.predict("breast-cancer");
            house.server().post("/feedback/" + id, "{\"outcomes\": [\"benign\"]}");
        }
        house.server().post("/predict/digits", "{\"inputs\": [[1]]}");
        house.key("web shop", List.of("predict"));
    }

    @AfterAll
    static void stop() {
        if (house != null) {
            house.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyViewFitsAndSaysWhatItIs(Look look) {
        try (Tab tab = house.browser().tab(house.server(), house.server().adminKey(), look)) {
            Page page = tab.show("/try/breast-cancer/2");
            predict(page);
            assertThat(answer(page)).containsText("malignant");
            look(tab, "try");
            page = tab.show("/try/digits");
            page.getByText("Options").click();
            assertThat(page.getByLabel("Top k")).isVisible();
            look(tab, "try-picture");
            page = tab.show("/traffic/breast-cancer");
            assertThat(page.getByRole(AriaRole.REGION, named("Experiment")).locator("tbody tr")).hasCount(2);
            assertThat(page.locator(".plot canvas")).hasCount(5);
            // Rates need two looks at the sums.
            assertThat(page.locator(".plot").first()).not().containsText("–");
            look(tab, "traffic");
            page.getByRole(AriaRole.BUTTON, named("Change")).click();
            page.getByLabel("weighted").check();
            look(tab, "traffic-form");
            page = tab.show("/logs");
            Locator first = page.locator("tr", new Page.LocatorOptions().setHasText("breast-cancer")).first()
                    .locator("a");
            assertThat(first).isVisible();
            look(tab, "logs");
            first.click();
            page.getByRole(AriaRole.BUTTON, named("Send again")).click();
            assertThat(page.getByText("Both say the same")).isVisible();
            look(tab, "log");
            page = tab.show("/keys");
            assertThat(page.getByText("web shop").first()).isVisible();
            look(tab, "keys");
            page.getByRole(AriaRole.BUTTON, named("New key")).click();
            look(tab, "keys-new");
        }
    }

    /** Nothing is wider than the screen, and everything that can be filled in or pressed has a name. */
    private static void look(Tab tab, String name) {
        tab.picture(name);
        assertThat(tab.overflow()).as(name).isNotPositive();
        assertThat((Boolean) tab.page().evaluate(
                "[...document.querySelectorAll('.scroll')].every((table) => table.scrollWidth <= table.clientWidth + 1)"))
                .as("no table of " + name + " is cut off").isTrue();
        assertThat((String) tab.page().evaluate(
                """
                () => [...document.querySelectorAll('input, select, textarea, button')].filter((one) => one.offsetParent !== null
                  && !one.labels?.length && !one.getAttribute('aria-label') && !one.textContent.trim()).map((one) => one.outerHTML).join()"""))
                .as(name).isEmpty();
    }

    /** The picture of the README is made again with {@code -Ddashboard.picture=docs/images/dashboard.png}. */
    @Test
    @EnabledIfSystemProperty(named = "dashboard.picture", matches = ".+")
    void thePictureOfTheReadme() throws IOException {
        Path picture = Path.of(System.getProperty("dashboard.picture"));
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/digits/2");
            page.setViewportSize(1280, 800);
            predict(page);
            assertThat(answer(page)).containsText("version 2");
            page.mouse().move(0, 0);
            page.evaluate("scrollTo(0, 0)");
            page.screenshot(new Page.ScreenshotOptions().setPath(picture));
        }
        assertThat(Files.size(picture)).isLessThan(200_000);
    }
}
