package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelyard.dashboard.TryViewTest.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The log, from the page. */
@Timeout(180)
final class LogsViewTest {
    @TempDir
    static Path store;
    private static DashboardHouse house;

    @BeforeAll
    static void start() {
        house = new DashboardHouse(store);
        for (int i = 0; i < 30; i++) {
            house.predict("breast-cancer/1");
        }
        house.server().post("/predict/digits/1", "{\"inputs\": [[1]]}");
    }

    @AfterAll
    static void stop() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void theLogIsFilteredAndPagedAndTheAddressKeepsTheFilter() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/logs");
            assertThat(rows(page)).hasCount(25);
            page.getByLabel("Type").selectOption("breast-cancer");
            page.getByLabel("Version").fill("1");
            page.keyboard().press("Enter");
            assertThat(rows(page)).hasCount(25);
            page.getByRole(AriaRole.BUTTON, named("Older")).click();
            assertThat(page.getByText("Page 2")).isVisible();
            assertThat(rows(page).first()).containsText("breast-cancer 1");
            page.getByRole(AriaRole.BUTTON, named("Newer")).click();
            assertThat(rows(page)).hasCount(25);
            page.getByRole(AriaRole.BUTTON, named("Show all")).click();
            assertThat(page.getByLabel("Type")).hasValue("");
            page.getByLabel("Status").selectOption("error");
            assertThat(rows(page)).hasCount(1);
            assertThat(rows(page)).containsText("422 invalid_input");
            assertThat(page.url()).endsWith("#/logs?status=error");
            rows(page).getByRole(AriaRole.LINK).click();
            assertThat(page.getByText("it was refused with")).isVisible();
            page.getByRole(AriaRole.MAIN).getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Logs"))
                    .click();
            assertThat(page.getByLabel("Status")).hasValue("error");
        }
    }

    @Test
    void onePredictionIsOpenedJudgedAndAskedOfAnotherVersion() {
        String id = house.predict("breast-cancer/1");
        try (Tab tab = house.open()) {
            Page page = tab.show("/logs/" + id);
            assertThat(page.getByRole(AriaRole.REGION, named("Inputs"))).containsText("mean_radius");
            assertThat(page.getByRole(AriaRole.REGION, named("Predictions"))).containsText("benign");
            Locator feedback = page.getByRole(AriaRole.REGION, named("Feedback"));
            assertThat(feedback).containsText("Nobody has said");
            feedback.getByLabel("The truth").selectOption("malignant");
            feedback.getByRole(AriaRole.BUTTON).click();
            assertThat(feedback.locator("tbody")).containsText("wrong, log loss");
            Locator other = page.getByRole(AriaRole.REGION, named("Another version"));
            assertThat(other.getByLabel("To version")).hasValue("2");
            other.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Send again")).click();
            assertThat(other).containsText("Both say the same");
            assertThat(other.getByRole(AriaRole.COLUMNHEADER).nth(2)).hasText("Now, version 2");
            page.getByRole(AriaRole.BUTTON, named("Open in Try")).click();
            assertThat(page.getByLabel("mean_radius")).hasValue("13.54");
            assertThat(page.getByRole(AriaRole.GROUP, named("Rows")).getByRole(AriaRole.BUTTON)).hasCount(1);
        }
    }

    @Test
    void newOnesAppearWhileTheyAreFollowed() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/logs");
            page.getByLabel("Follow new ones").check();
            String id = house.predict("breast-cancer/2");
            assertThat(page.locator("a[href='#/logs/" + id + "']")).isVisible();
        }
    }

    private static Locator rows(Page page) {
        return page.getByRole(AriaRole.REGION, named("Predictions")).locator("tbody tr");
    }
}
