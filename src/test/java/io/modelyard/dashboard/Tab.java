package io.modelyard.dashboard;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import io.modelyard.dashboard.Browser.Look;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One tab with cookies, storage and cache of its own. Closing it fails if anything was wrong meanwhile: an error or a warning on the
 * console, which violations of the page's policy are too, an exception, or a request to another host.
 */
final class Tab implements AutoCloseable {
    static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final int PATIENCE_MS = 30_000;
    private static final int MOST_STOPS = 100;
    private static final Path CONTRAST = Path.of("src/test/resources/dashboard/contrast.js");

    private final BrowserContext context;
    private final Page page;
    private final String origin;
    private final Look look;
    private final List<String> troubles = new ArrayList<>();
    private final Set<Integer> expected = new HashSet<>();
    private boolean losesTheServer;

    Tab(com.microsoft.playwright.Browser browser, TestServer server, @Nullable String key, Look look) {
        this.look = look;
        this.origin = server.uri("").toString();
        this.context = browser.newContext(new NewContextOptions().setViewportSize(look.width, look.height)
                .setColorScheme(look.dark ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(PATIENCE_MS);
        if (key != null) {
            context.addInitScript("if (!sessionStorage.getItem('modelyard.key'))"
                    + " { sessionStorage.setItem('modelyard.key', '" + key + "'); }");
        }
        this.page = context.newPage();
        page.onConsoleMessage(this::heard);
        page.onPageError(error -> troubles.add("exception: " + error));
        page.onRequest(this::asked);
        page.onResponse(this::answered);
    }

    Page page() {
        return page;
    }

    /** Goes to a view, {@code "/models/digits"} for example, and waits until it is there. */
    Page show(String view) {
        page.navigate(origin + "/#" + view);
        page.locator("main h1, .empty h2").first().waitFor();
        page.locator(".loading").first().waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
        return page;
    }

    /** An answer with this status is what the test is about, so the browser's line about it is no trouble. */
    Tab expecting(int status) {
        expected.add(status);
        return this;
    }

    /** From now on the server may be gone. */
    Tab losingTheServer() {
        losesTheServer = true;
        return this;
    }

    /** A picture of the whole page, called {@code light-1280-<name>.png}. */
    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true)
                .setPath(SCREENSHOTS.resolve(look.word() + "-" + name + ".png")));
    }

    /** Waits until what moves has come to rest: plots are drawn, and their library is there. */
    void settle() {
        page.waitForLoadState(LoadState.LOAD);
        // Not by waitForFunction: what it asks a second time, the page's own policy forbids.
        Eventually.isTrue("plots are drawn", () -> Boolean.TRUE.equals(page.evaluate(
                "[...document.querySelectorAll('.plot-host')].every(host => host.querySelector('canvas'))")));
    }

    /** Goes on with the tabulator key until the element with this name has the focus. */
    void tabTo(String name) {
        String focused = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()";
        for (int i = 0; i < MOST_STOPS; i++) {
            page.keyboard().press("Tab");
            if (name.equals(page.evaluate(focused))) {
                return;
            }
        }
        throw new AssertionError("the tabulator key does not lead to '" + name + "'");
    }

    /** Texts whose contrast to what is behind them is less than WCAG's level AA asks for, with what it is. */
    @SuppressWarnings("unchecked")
    List<String> faint() {
        return (List<String>) page.evaluate(read(CONTRAST));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By how many pixels the page is wider than the screen. */
    int overflow() {
        return ((Number) page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).intValue();
    }

    /** What was wrong so far. */
    List<String> troubles() {
        return List.copyOf(troubles);
    }

    private void heard(ConsoleMessage message) {
        boolean bad = message.type().equals("error") || message.type().equals("warning");
        boolean explained = message.text().startsWith("Failed to load resource")
                && (losesTheServer
                        || expected.stream().anyMatch(status -> message.text().contains(" " + status + " ")));
        if (bad && !explained) {
            troubles.add("console: " + message.text() + " " + message.location());
        }
    }

    private void asked(Request request) {
        String url = request.url();
        if (!url.startsWith(origin + "/") && !url.startsWith("data:") && !url.startsWith("blob:")) {
            troubles.add("asked another host: " + url);
        }
    }

    private void answered(Response response) {
        if (response.status() >= 400 && !losesTheServer && !expected.contains(response.status())) {
            troubles.add(response.status() + " for " + response.request().method() + " " + response.url());
        }
    }

    @Override
    public void close() {
        context.close();
        if (!troubles.isEmpty()) {
            throw new AssertionError("the browser had to complain:\n" + String.join("\n", troubles));
        }
    }
}
