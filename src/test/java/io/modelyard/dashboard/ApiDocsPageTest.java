package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.dashboard.Browser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The pages that show the description of the API, in a browser that asks no other host. */
final class ApiDocsPageTest {
    private static final LocatorAssertions.ContainsTextOptions PATIENTLY = new LocatorAssertions.ContainsTextOptions()
            .setTimeout(20_000);

    @TempDir
    static Path store;
    private static TestServer server;
    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void tryItOutGivesARealPredictionAtOnce() {
        try (Tab tab = browser.tab(server, null, Look.LIGHT_WIDE)) {
            Page page = tab.page();
            page.navigate(server.uri("/docs").toString());
            page.locator(".btn.authorize").click();
            Locator dialog = page.locator(".auth-container", new Page.LocatorOptions().setHasText("X-API-Key"));
            dialog.locator("input").fill(server.adminKey());
            dialog.locator("button[type=submit]").click();
            page.locator(".btn-done").first().click();

            Locator operation = page.locator("[id='operations-Served_models-predictBreastCancer']");
            operation.locator(".opblock-summary-control").click();
            operation.locator(".try-out__btn").click();
            operation.locator(".execute").click();
            Locator answer = operation.locator(".live-responses-table");
            assertThat(answer.locator(".response-col_status").last()).containsText("200", PATIENTLY);
            assertThat(answer).containsText("malignant");
            assertThat(answer).containsText("\"model_version\": \"2\"");
            tab.picture("docs");
        }
    }

    @Test
    void redocShowsTheServedModelsFirst() {
        try (Tab tab = browser.tab(server, null, Look.LIGHT_WIDE)) {
            Page page = tab.page();
            page.navigate(server.uri("/redoc").toString());
            assertThat(
                    page.locator("h1, h2").filter(new Locator.FilterOptions().setHasText("Predict with breast-cancer"))
                            .first())
                    .containsText("Predict with breast-cancer", PATIENTLY);
        }
    }

    @Test
    void aTypeCanBeShownAlone() {
        try (Tab tab = browser.tab(server, null, Look.LIGHT_NARROW)) {
            Page page = tab.page();
            page.navigate(server.uri("/docs/index.html?type=digits").toString());
            assertThat(page.locator(".info .title")).containsText("Modelyard: digits", PATIENTLY);
            assertThat(page.locator("[id$='-predictDigits']")).containsText("/predict/digits");
        }
    }
}
