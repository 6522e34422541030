package io.modelyard.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.modelyard.TestServer;
import io.modelyard.dashboard.Browser.Look;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of a server that is new, empty, gone, full or has trouble. */
final class DashboardTroubleTest {
    private static final Path MANIFEST = Path.of("models-local/registry/breast-cancer/1.json");
    private static Browser browser;

    @TempDir
    Path store;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void theLinkOfANewServerOpensThePageWhichSaysHowToPushAFirstModel() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        lines.start();
        root.addAppender(lines);
        try (TestServer server = TestServer.start(); Tab tab = browser.tab(server, null, Look.LIGHT_WIDE)) {
            Matcher link = lines.list.stream().map(ILoggingEvent::getFormattedMessage)
                    .map(Pattern.compile("http://[^ ]+/#code=[\\w-]+")::matcher).filter(Matcher::find).findFirst()
                    .orElseThrow();
            Page page = tab.page();
            page.navigate(link.group());
            assertThat(page.locator(".empty")).containsText("bin/modelyard push");
            assertThat(page.url()).endsWith("/#/");
            tab.picture("empty");
        } finally {
            root.detachAppender(lines);
        }
    }

    @Test
    void aServerThatGoesAwayIsMissedAndFoundAgain() {
        TestServer first = TestServer.prepare().store(store).start();
        int port = first.port();
        try (Tab tab = browser.tab(first).losingTheServer()) {
            Page page = tab.show("/registry");
            first.close();
            assertThat(page.locator(".banner.bad")).containsText("The server does not answer", patiently());
            tab.picture("gone");
            try (TestServer _ = TestServer.prepare().store(store).with("micronaut.server.port", port).start()) {
                assertThat(page.locator(".banner.bad")).hasCount(0,
                        new LocatorAssertions.HasCountOptions().setTimeout(40_000));
                assertThat(page.locator(".connection")).hasText("Live");
            }
        }
    }

    private static LocatorAssertions.ContainsTextOptions patiently() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(40_000);
    }

    @Test
    void hundredsOfTypesAreListedPageByPage() throws IOException {
        fill(300, 4);
        try (TestServer server = TestServer.prepare().store(store).start(); Tab tab = browser.tab(server)) {
            Page page = tab.show("/models");
            assertThat(page.locator(".sub")).hasText("300 types");
            assertThat(page.locator("table[aria-label=Types] tbody tr")).hasCount(50);
            page.getByText("Next").click();
            assertThat(page.locator("table[aria-label=Types] tbody tr").first()).containsText("type-050");
            assertThat(page.url()).endsWith("page=2");
            page.getByRole(AriaRole.SEARCHBOX).fill("type-29");
            assertThat(page.locator(".sub")).hasText("10 types found");
            tab.picture("many");
            page.getByLabel("With a version that is").selectOption("failed");
            assertThat(page.locator("main .card")).containsText("No type is like that.");
        }
    }

    @Test
    void whatCannotBeLoadedOrReadIsSaidOnTheOverviewWithWhatToDo() throws IOException {
        fill(1, 1);
        Files.writeString(store.resolve("registry/type-000/9.json"), "{\"not\": \"a manifest\"}");
        try (TestServer server = TestServer.prepare().store(store).start();
                Tab tab = browser.tab(server, server.adminKey(), Look.DARK_WIDE)) {
            assertThat(server.post("/predict/type-000/1", "{\"inputs\": [[1]]}").status()).isEqualTo(503);
            Page page = tab.show("/");
            assertThat(page.locator(".problems")).containsText("type-000 1 cannot be loaded");
            assertThat(page.locator(".problems")).containsText("1 document in quarantine");
            tab.settle();
            tab.picture("problems");
            page.locator(".problem", new Page.LocatorOptions().setHasText("quarantine")).getByText("Look").click();
            assertThat(page.locator("table[aria-label=Quarantine]")).containsText("registry/type-000/9.json");
            tab.show("/models/type-000/1");
            assertThat(page.locator(".note.bad")).containsText("It cannot be loaded.");
        }
    }

    /** Manifests alone: a list loads nothing. */
    private void fill(int types, int versions) throws IOException {
        String manifest = Files.readString(MANIFEST);
        for (int type = 0; type < types; type++) {
            Path folder = Files.createDirectories(store.resolve("registry/type-%03d".formatted(type)));
            for (int version = 1; version <= versions; version++) {
                Files.writeString(folder.resolve(version + ".json"), manifest
                        .replaceFirst("\"type\" *: *\"breast-cancer\"", "\"type\": \"" + folder.getFileName() + "\"")
                        .replaceFirst("\"version\" *: *\"1\"", "\"version\": \"" + version + "\""));
            }
        }
    }
}
