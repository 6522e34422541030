package io.modelyard.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import io.modelyard.TestServer;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Debian's Chromium without a screen. One for all tests of a class; each test looks through a {@link Tab} of its own. Not
 * thread-safe.
 */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    /** It asks nobody but the server of the test, and shares no memory that containers have little of. */
    private static final List<String> ARGUMENTS = List.of("--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Path program) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(program)
                .setChromiumSandbox(false).setArgs(ARGUMENTS));
    }

    /** Skips the test, and says so, where there is no browser. */
    static Browser start() {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "looks at the page with a browser: install the Debian package chromium");
        return new Browser(program.orElseThrow());
    }

    private static Optional<Path> program() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin");
        return Stream.of(path.split(":")).map(Path::of)
                .flatMap(folder -> NAMES.stream().map(folder::resolve)).filter(Files::isExecutable).findFirst();
    }

    /** How the page is looked at. */
    enum Look {
        LIGHT_WIDE(false, 1280, 860), DARK_WIDE(true, 1280, 860), LIGHT_NARROW(false, 360, 740), DARK_NARROW(true, 360,
                740);

        final boolean dark;
        final int width;
        final int height;

        Look(boolean dark, int width, int height) {
            this.dark = dark;
            this.width = width;
            this.height = height;
        }

        /** {@code light-1280} for example, as in the names of screenshots. */
        String word() {
            return (dark ? "dark-" : "light-") + width;
        }
    }

    /** A tab that has this key; none where it is null. */
    Tab tab(TestServer server, @Nullable String key, Look look) {
        return new Tab(chromium, server, key, look);
    }

    /** A tab of somebody who may do everything, on a wide screen. */
    Tab tab(TestServer server) {
        return tab(server, server.adminKey(), Look.LIGHT_WIDE);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
