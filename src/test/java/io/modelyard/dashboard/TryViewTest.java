package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** The form of a model, made of its schema. */
@Timeout(180)
final class TryViewTest {
    @TempDir
    static Path store;
    private static DashboardHouse house;

    @BeforeAll
    static void start() {
        house = new DashboardHouse(store);
    }

    @AfterAll
    static void stop() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void theExampleIsFilledInAndAnsweredWithAllThatBelongsToAPrediction() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/breast-cancer");
            assertThat(page.getByLabel("mean_radius")).hasValue("20.29");
            predict(page);
            Locator answer = answer(page);
            assertThat(answer).containsText("malignant");
            assertThat(answer).containsText("98.9 %");
            assertThat(answer).containsText("version 2");
            assertThat(answer).containsText("cache: ");
            String id = answer.locator("code").first().textContent();
            JsonNode row = house.server().get("/logs/" + id).json();
            assertThat(row.get("rows").intValue()).isEqualTo(2);
            assertThat(row.get("model_digest").asText()).startsWith(answer.locator("code").nth(1).textContent()
                    .replace("…", ""));
        }
    }

    @Test
    void anErrorStandsAtTheFieldThatItIsAbout() {
        try (Tab tab = house.open().expecting(422)) {
            Page page = tab.show("/try/breast-cancer/1");
            page.getByRole(AriaRole.BUTTON, named("Row 2")).click();
            page.getByLabel("mean_texture").fill("rough");
            page.getByRole(AriaRole.BUTTON, named("Row 1")).click();
            predict(page);
            assertThat(page.getByLabel("mean_texture")).hasValue("rough");
            assertThat(page.locator("#in-mean_texture-hint")).hasText("expected a number or null, found a string");
            page.getByRole(AriaRole.BUTTON, named("Row 1")).click();
            page.getByRole(AriaRole.BUTTON, named("mean_texture, row 2")).click();
            assertThat(page.getByLabel("mean_texture")).isFocused();
        }
    }

    @Test
    void rowsAreAddedAndPastedAndShownAsJson() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/breast-cancer");
            page.getByRole(AriaRole.BUTTON, named("Add row")).click();
            page.getByLabel("mean_radius").fill("999");
            assertThat(page.locator("#in-mean_radius-hint")).containsText("beyond training");
            predict(page);
            assertThat(answer(page).locator("tbody tr")).hasCount(3);
            page.getByRole(AriaRole.BUTTON, named("Paste CSV")).click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.getByRole(AriaRole.TEXTBOX).fill("mean_radius;colour\n12.5;red\n13,5;blue");
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Use these rows")).click();
            assertThat(page.getByLabel("mean_radius")).hasValue("12.5");
            assertThat(page.getByLabel("mean_texture")).hasValue("");
            assertThat(page.getByText("no such input: colour")).isVisible();
            page.getByRole(AriaRole.BUTTON, named("As JSON")).click();
            String json = page.getByLabel("Inputs as JSON").inputValue();
            assertThat(json).contains("{\"mean_radius\": 12.5, \"mean_texture\": null")
                    .contains("\"mean_radius\": \"13,5\"");
            page.getByLabel("Inputs as JSON").fill("{");
            assertThat(page.getByText("The inputs cannot be sent as they are.")).isVisible();
        }
    }

    @Test
    void aPictureIsAGridAndStepsCanBeAskedFor() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/digits/2");
            assertThat(page.locator(".picture input")).hasCount(64);
            page.getByLabel("pixel_0_0").focus();
            page.keyboard().press("ArrowDown");
            assertThat(page.getByLabel("pixel_1_0")).isFocused();
            page.getByText("Options").click();
            page.getByLabel("Top k").fill("2");
            page.getByLabel("Compute it anew").check();
            page.keyboard().press("Control+Enter");
            assertThat(answer(page).locator("tbody tr").first().locator(".bars li")).hasCount(2);
            assertThat(answer(page)).containsText("Steps: normalize");
        }
    }

    @Test
    void whatBecameTrueCanBeSaidRightThere() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/breast-cancer/2");
            predict(page);
            Locator answer = answer(page);
            answer.getByText("What became true?").click();
            answer.getByLabel("Truth of row 1").selectOption("benign");
            answer.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Give feedback")).click();
            assertThat(page.getByText("Taken: 1 row scored")).isVisible();
            String id = answer.locator("code").first().textContent();
            JsonNode said = house.server().get("/feedback/" + id).json().get("feedback").get(0);
            assertThat(said.get("outcome").asText()).isEqualTo("benign");
            assertThat(said.get("correct").booleanValue()).isFalse();
        }
    }

    @Test
    void whoMayOnlyPredictNamesTheModel() {
        String key = house.key("app", List.of("predict"));
        try (Tab tab = house.open(key)) {
            Page page = tab.show("/try");
            page.getByLabel("Type").fill("breast-cancer");
            page.keyboard().press("Enter");
            predict(page);
            assertThat(answer(page)).containsText("malignant");
        }
    }

    static void predict(Page page) {
        page.getByRole(AriaRole.BUTTON, named("Predict")).click();
    }

    static Locator answer(Page page) {
        return page.getByRole(AriaRole.REGION, named("Answer"));
    }

    static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
