package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import io.modelyard.Eventually;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.dashboard.Browser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What people see and do: overview, models, registry and system, with a real browser and a real server. */
final class DashboardTest {
    /** View → its name in screenshots. */
    private static final Map<String, String> VIEWS = Map.of("/", "overview", "/models", "models", "/models/digits",
            "type", "/models/breast-cancer/2", "version", "/registry", "registry", "/system", "system");

    @TempDir
    static Path store;
    private static Browser browser;
    private static TestServer server;

    @BeforeAll
    static void start() {
        browser = Browser.start();
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
        server.post("/models/digits/1/activate", "{\"reason\": \"the one we know\"}");
        server.post("/models/digits/2/activate", "{}");
        server.post("/models/breast-cancer/2/load", "");
        for (int i = 0; i < 20; i++) {
            server.post("/predict/breast-cancer", "{\"inputs\": [[" + i + "]]}");
        }
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

    @TestFactory
    Stream<DynamicTest> everyViewOpensAndFitsTheScreen() {
        return Stream.of(Look.values()).flatMap(look -> VIEWS.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(view -> DynamicTest.dynamicTest(look.word() + " " + view.getKey(), () -> {
                    try (Tab tab = browser.tab(server, server.adminKey(), look)) {
                        tab.show(view.getKey());
                        tab.settle();
                        tab.picture(view.getValue());
                        assertThat(tab.overflow()).as("pixels beyond the screen").isNotPositive();
                    }
                })));
    }

    @Test
    void theNumbersOnTheOverviewAreLive() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/");
            Locator refused = page.locator(".plot", new Page.LocatorOptions().setHasText("refused (4xx)"));
            assertThat(refused.locator("canvas")).isVisible();
            server.post("/predict/breast-cancer", "{\"inputs\": [[1]]}");
            assertThat(page.locator("dt:text('Errors') + dd")).hasText("100 %");
        }
    }

    @Test
    void aVersionIsActivatedAndRolledBackWithTheKeyboardAlone() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/models/breast-cancer");
            tab.tabTo("Activate breast-cancer 1");
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
            assertThat(page.locator("dialog :focus")).hasCount(1);
            page.keyboard().press("Escape");
            assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
            assertThat(page.getByLabel("Activate breast-cancer 1")).isFocused();
            page.keyboard().press("Enter");
            page.locator("dialog input[name=reason]").focus();
            page.keyboard().type("version 2 is too sure of itself");
            page.keyboard().press("Enter");
            assertThat(page.getByText("breast-cancer 1 is active")).isVisible();
            assertThat(server.get("/models/breast-cancer").json().path("active_version").asText()).isEqualTo("1");
            assertThat(page.locator("table[aria-label=History]")).containsText("version 2 is too sure of itself");
            tab.tabTo("Follow the latest");
            page.keyboard().press("Enter");
            page.keyboard().press("Tab");
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            assertThat(page.getByText("because it is the latest")).isVisible();
        }
    }

    @Test
    void aDeletionHasToBeTypedAndCanBeTakenBack() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/models/digits");
            page.getByLabel("Delete digits 1").click();
            Locator button = page.locator("dialog button.danger");
            assertThat(button).isDisabled();
            page.locator("dialog input[name=confirm]").fill("digits/2");
            assertThat(button).isDisabled();
            page.locator("dialog input[name=confirm]").fill("digits/1");
            tab.picture("delete");
            button.click();
            assertThat(page.getByLabel("Restore digits 1")).isVisible();
            assertThat(server.get("/models/digits/1").json().path("state").asText()).isEqualTo("DELETED");
            page.getByLabel("Restore digits 1").click();
            page.locator("dialog button.primary").click();
            assertThat(page.getByLabel("Delete digits 1")).isVisible();
        }
    }

    @Test
    void allOfThePageIsSmall() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.page();
            List<Request> files = new ArrayList<>();
            page.onRequestFinished(request -> {
                String path = URI.create(request.url()).getPath();
                if (path.equals("/") || path.matches("/dashboard/[0-9a-f]+/.*")) {
                    files.add(request);
                }
            });
            VIEWS.keySet().forEach(view -> {
                tab.show(view);
                tab.settle();
            });
            double paint = ((Number) page
                    .evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                    .doubleValue();
            long bytes = files.stream().map(Request::sizes).mapToLong(
                    sizes -> (long) sizes.responseBodySize + sizes.responseHeadersSize).sum();
            System.out.printf("page: %d bytes in %d files for %d views; first paint after %.0f ms%n", bytes,
                    files.size(),
                    VIEWS.size(), paint);
            assertThat(bytes).isBetween(20_000L, 300_000L);
            assertThat(paint).as("milliseconds to the first paint, on a machine that may be busy").isLessThan(15_000);
        }
    }

    @Test
    void whoHasNoKeyIsAskedForOneAndToldWhatIsWrongWithIt() {
        try (Tab tab = browser.tab(server, null, Look.LIGHT_NARROW).expecting(401)) {
            Page page = tab.page();
            page.navigate(server.uri("/").toString());
            assertThat(page.getByLabel("API key")).isFocused();
            tab.picture("key");
            page.getByLabel("API key").fill("my_nonsense");
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("This key is not known here");
            page.getByLabel("API key").fill(server.adminKey());
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("Overview");
            assertThat(page.evaluate("localStorage.length")).isEqualTo(0);
        }
    }

    @Test
    void aKeyThatMayOnlyPredictIsToldWhichRoleAViewNeeds() {
        String key = server.post("/api-keys", "{\"name\": \"app\", \"roles\": [\"predict\"]}").json().path("key")
                .asText();
        try (Tab tab = browser.tab(server, key, Look.LIGHT_WIDE)) {
            Page page = tab.show("/registry");
            assertThat(page.locator(".empty")).containsText("This needs the role ‘read’");
            assertThat(page.locator(".empty")).containsText("app has predict");
            assertThat(page.locator("nav .locked")).hasCount(7);
        }
    }

    @Test
    void whoMayOnlyReadSeesNoButtons() {
        String key = server.post("/api-keys",
                "{\"name\": \"watcher\", \"roles\": [\"read\"], \"types\": [\"digits\"]}").json().path("key").asText();
        try (Tab tab = browser.tab(server, key, Look.DARK_NARROW)) {
            Page page = tab.show("/models");
            assertThat(page.locator("table[aria-label=Types] tbody tr")).hasCount(1);
            tab.show("/models/digits");
            assertThat(page.locator("main button")).hasCount(0);
        }
    }

    @Test
    void aLinkThatIsNotGoodAnyMoreSaysWhatToDo() {
        try (Tab tab = browser.tab(server, null, Look.LIGHT_WIDE).expecting(404)) {
            Page page = tab.page();
            page.navigate(server.uri("/").toString() + "#code=AAAAAAAAAAAAAAAAAAAAAA");
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("admin.key");
            assertThat(page.url()).doesNotContain("code=");
        }
    }

    @Test
    void colorsCanBeChosen() {
        try (Tab tab = browser.tab(server, server.adminKey(), Look.LIGHT_WIDE)) {
            Page page = tab.show("/models");
            page.getByLabel("Colours").selectOption("dark");
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
            page.reload();
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        }
    }

    @Test
    void textCanBeReadInBothColours() {
        for (Look look : List.of(Look.LIGHT_WIDE, Look.DARK_WIDE)) {
            try (Tab tab = browser.tab(server, server.adminKey(), look)) {
                for (String view : VIEWS.keySet()) {
                    tab.show(view);
                    assertThat(tab.faint()).as("%s in %s: texts with too little contrast", view, look).isEmpty();
                }
            }
        }
    }

    @Test
    void aLoadShowsItsStateWithoutAReload() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/models/digits/1");
            server.post("/models/digits/1/load", "");
            assertThat(page.locator("main .badge").first()).hasText("ready");
            server.post("/models/digits/1/unload", "");
            assertThat(page.locator("main .badge").first()).hasText(Pattern.compile("unloaded|registered"));
        }
    }

    @Test
    void theRegistryIsReadAtAClickAndSaysWhatWasNew() {
        try (Tab tab = browser.tab(server)) {
            Page page = tab.show("/registry");
            page.getByText("Sync now").click();
            assertThat(page.locator(".note")).containsText("Nothing has changed");
            Eventually.isTrue("who did what is listed", () -> page.locator("table[aria-label=Changes]").textContent()
                    .contains("activate"));
        }
    }
}
