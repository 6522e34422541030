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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What somebody does who sees Modelyard for the first time, with nothing but the page. */
@Timeout(180)
final class NewcomersPathTest {
    @Test
    void fromTheKeyToADeletedVersion(@TempDir Path store) {
        try (DashboardHouse house = new DashboardHouse(store);
                Tab tab = house.browser().tab(house.server(), null, Look.LIGHT_WIDE)) {
            Page page = tab.page();
            page.navigate(house.server().uri("/").toString());
            page.getByLabel("API key").fill(house.server().adminKey());
            page.getByRole(AriaRole.BUTTON, named("Open the dashboard")).click();

            view(page, "Try");
            page.getByLabel("Type").selectOption("breast-cancer");
            predict(page);
            assertThat(answer(page)).containsText("malignant");
            String id = answer(page).locator("code").first().textContent();

            view(page, "Logs");
            page.locator("a[href='#/logs/" + id + "']").click();
            assertThat(page.getByRole(AriaRole.REGION, named("Predictions"))).containsText("malignant");

            view(page, "Models");
            page.getByRole(AriaRole.MAIN)
                    .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("breast-cancer")).first().click();
            activate(page, "1");
            activate(page, "2");
            page.getByRole(AriaRole.BUTTON, named("Roll back to 1")).click();
            confirm(page, "Roll back");
            assertThat(row(page, "1")).containsText("active");
            assertThat(active(house)).isEqualTo("1");

            view(page, "Traffic");
            page.getByLabel("Type").selectOption("breast-cancer");
            page.getByRole(AriaRole.BUTTON, named("Begin an experiment")).click();
            page.getByRole(AriaRole.BUTTON, named("Begin")).click();
            Locator experiment = page.getByRole(AriaRole.REGION, named("Experiment"));
            assertThat(experiment).containsText("running");
            view(page, "Try");
            page.getByLabel("Type").selectOption("breast-cancer");
            predict(page);
            assertThat(answer(page)).containsText("arm ");
            view(page, "Traffic");
            page.getByRole(AriaRole.MAIN)
                    .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("breast-cancer")).click();
            page.getByRole(AriaRole.BUTTON, named("End")).click();
            confirm(page, "End it");
            assertThat(experiment).containsText("ended");

            view(page, "Models");
            page.getByRole(AriaRole.MAIN)
                    .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("breast-cancer")).first().click();
            page.getByRole(AriaRole.BUTTON, named("Delete breast-cancer 2")).click();
            page.getByRole(AriaRole.DIALOG).getByLabel("to confirm").fill("breast-cancer/2");
            confirm(page, "Delete");
            assertThat(row(page, "2")).containsText("deleted");
            assertThat(house.server().get("/models/breast-cancer/2/schema").status()).isEqualTo(410);
        }
    }

    private static void view(Page page, String title) {
        page.getByRole(AriaRole.NAVIGATION, named("Views"))
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(title).setExact(true)).click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))).containsText(title);
    }

    private static void activate(Page page, String version) {
        page.getByRole(AriaRole.BUTTON, named("Activate breast-cancer " + version)).click();
        confirm(page, "Activate");
        assertThat(row(page, version)).containsText("active");
    }

    private static void confirm(Page page, String word) {
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(word).setExact(true)).click();
    }

    private static Locator row(Page page, String version) {
        return page.locator("tr", new Page.LocatorOptions()
                .setHas(page.locator("a[href='#/models/breast-cancer/" + version + "']")));
    }

    private static String active(DashboardHouse house) {
        return house.server().get("/models/breast-cancer").json().get("active_version").asText();
    }
}
