package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelyard.dashboard.TryViewTest.named;
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

/** Experiments, from the page. */
@Timeout(180)
final class TrafficViewTest {
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
    void anExperimentIsBegunWatchedChangedAndEndedWithItsWinner() {
        try (Tab tab = house.open()) {
            Page page = tab.show("/traffic/digits");
            page.getByRole(AriaRole.BUTTON, named("Begin an experiment")).click();
            Locator form = page.getByRole(AriaRole.FORM, named("Experiment"));
            form.getByLabel("hash-based").check();
            form.getByLabel("The same arm for equal values of").selectOption("header");
            form.getByLabel("Its name").fill("X-Customer");
            arm(form, 1).getByLabel("Weight").fill("3");
            arm(form, 2).getByLabel("Weight").fill("1");
            assertThat(arm(form, 1)).containsText("75 %");
            form.getByLabel("Reason for the history").fill("is 1 still good?");
            form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Begin")).click();
            Locator running = page.getByRole(AriaRole.REGION, named("Experiment"));
            assertThat(running).containsText("running");
            assertThat(running).containsText("hash-based, by the header X-Customer");
            assertThat(running.locator("tbody tr").first()).containsText("75 %");
            JsonNode told = status("digits");
            assertThat(told.at("/hash_on/header").asText()).isEqualTo("X-Customer");

            house.server().post("/predict/digits", "{\"inputs\": [[" + "0,".repeat(63) + "0]]}");
            assertThat(page.getByRole(AriaRole.IMG,
                    new Page.GetByRoleOptions().setName("Requests a second"))).isVisible();
            // The page asks again by itself.
            assertThat(running.locator("tbody")).containsText("100 %");

            page.getByRole(AriaRole.BUTTON, named("Change")).click();
            assertThat(form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Add arm"))).isDisabled();
            arm(form, 2).getByLabel("Weight").fill("3");
            form.getByLabel("weighted").check();
            form.getByLabel("Floor").fill("0.1");
            form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Change it")).click();
            assertThat(running).containsText("for accuracy, floor 10 %");
            assertThat(running.locator("tbody tr").first()).containsText("50 %");
            assertThat(status("digits").get("id")).isEqualTo(told.get("id"));

            page.getByRole(AriaRole.BUTTON, named("End")).click();
            Locator question = page.getByRole(AriaRole.DIALOG);
            question.getByLabel("Which one").selectOption("1");
            question.getByLabel("Reason").fill("1 is as good");
            question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("End it")).click();
            assertThat(running).containsText("ended");
            assertThat(running).containsText("Version 1 answers all requests");
            assertThat(house.server().get("/models/digits").json().get("active_version").asText()).isEqualTo("1");
        }
    }

    @Test
    void whatIsWrongIsSaidAndWhoChangedItMeanwhileIsNotOverruled() {
        try (Tab tab = house.open().expecting(409).expecting(412).expecting(422)) {
            Page page = tab.show("/traffic/breast-cancer");
            page.getByRole(AriaRole.BUTTON, named("Begin an experiment")).click();
            Locator form = page.getByRole(AriaRole.FORM, named("Experiment"));
            Locator begin = form.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Begin"));
            arm(form, 1).getByLabel("Weight").fill("-1");
            begin.click();
            assertThat(form.getByRole(AriaRole.ALERT)).isVisible();
            assertThat(house.server().get("/ab-test/status?type=breast-cancer").json().get("experiments")).isEmpty();
            page.getByRole(AriaRole.BUTTON, named("Cancel")).click();

            house.server().put("/models/breast-cancer/aliases/first", "{\"version\": \"1\"}");
            page.reload();
            page.getByRole(AriaRole.BUTTON, named("Begin an experiment")).click();
            house.server().put("/models/breast-cancer/aliases/first", "{\"version\": \"2\"}");
            begin.click();
            assertThat(form.getByRole(AriaRole.ALERT)).containsText("revision");
        }
    }

    @Test
    void whoMayOnlyReadWatches() {
        String key = house.key("watcher", List.of("read"));
        try (Tab tab = house.open(key)) {
            Page page = tab.show("/traffic/breast-cancer");
            assertThat(page.getByText("No experiment")).isVisible();
            assertThat(page.getByRole(AriaRole.BUTTON, named("Begin an experiment"))).hasCount(0);
        }
    }

    private static Locator arm(Locator form, int number) {
        return form.getByRole(AriaRole.GROUP, new Locator.GetByRoleOptions().setName("Arm " + number).setExact(true));
    }

    private static JsonNode status(String type) {
        return house.server().get("/ab-test/status?type=" + type).json().get("experiments").get(0);
    }
}
