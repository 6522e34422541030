package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The calls that the page offers are programs that work: they are taken from the page and run. */
@Timeout(120)
final class CopiedCallsTest {
    private static final String BUSY = """
                                       {"status": 429, "code": "queue_full", "detail": "full", "retryable":true}""";
    private static final String BROKEN = """
                                         {"status": 500, "code": "inference_failed", "detail": "it broke", "retryable":false}""";

    @TempDir
    static Path scratch;
    private static DashboardHouse house;
    private static final Map<Language, String> CALLS = new EnumMap<>(Language.class);

    /** What the page writes calls for. */
    enum Language {
        CURL("curl", "predict.sh", "curl", "sh"), PYTHON("Python", "predict.py", "python3", "python3"), NODE("Node",
                "predict.mjs", "nodejs", "node");

        private final String tab;
        private final String file;
        private final String debianPackage;
        private final String program;

        Language(String tab, String file, String debianPackage, String program) {
            this.tab = tab;
            this.file = file;
            this.debianPackage = debianPackage;
            this.program = program;
        }
    }

    @BeforeAll
    static void takeThemFromThePage() throws IOException {
        house = new DashboardHouse(Files.createDirectory(scratch.resolve("store")));
        try (Tab tab = house.open()) {
            Page page = tab.show("/try/breast-cancer");
            page.getByText("Options").click();
            page.getByLabel("Round").fill("2");
            page.getByLabel("Compute it anew").check();
            for (Language language : Language.values()) {
                page.getByRole(AriaRole.TAB, TryViewTest.named(language.tab)).click();
                CALLS.put(language, page
                        .getByLabel(language.tab + " call", new Page.GetByLabelOptions().setExact(true)).textContent());
            }
        }
    }

    @AfterAll
    static void stop() {
        if (house != null) {
            house.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theyPredictAndHaveNoKeyInThem(Language language) throws Exception {
        String key = house.server().adminKey();
        assertThat(call(language)).doesNotContain(key);
        Ran ran = run(language, call(language), key);
        assertThat(ran.status()).as(ran.text()).isZero();
        assertThat(ran.text().replace(" ", "")).contains("\"label\":\"malignant\"", "\"confidence\":0.99");
    }

    @ParameterizedTest
    @EnumSource
    void theyTryAgainWhatIsWorthItWhenTheServerSaysSo(Language language) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Stub stub = new Stub(exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("X-Timeout-Ms"));
            if (asked.size() < 3) {
                exchange.getResponseHeaders().add("Retry-After", "1");
                return new Stub.Told(429, BUSY);
            }
            return new Stub.Told(200, "{\"predictions\": [7]}");
        })) {
            Ran ran = run(language, stub.instead(call(language)), "my_key");
            assertThat(ran.status()).as(ran.text()).isZero();
            assertThat(ran.text().replaceAll("\\s", "")).contains("\"predictions\":[7]");
        }
        // Each try has what is left of the one deadline, and waited as long as it was told to.
        assertThat(asked).hasSize(3);
        assertThat(Long.parseLong(asked.getLast())).isLessThanOrEqualTo(28_500).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void theyDoNotTryAgainWhatIsNot(Language language) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Stub stub = new Stub(exchange -> {
            asked.add("");
            return new Stub.Told(500, BROKEN);
        })) {
            Ran ran = run(language, stub.instead(call(language)), "my_key");
            assertThat(ran.status()).isNotZero();
            assertThat(ran.text()).contains("it broke");
        }
        assertThat(asked).hasSize(1);
    }

    private static String call(Language language) {
        return Objects.requireNonNull(CALLS.get(language));
    }

    private record Ran(int status, String text) {}

    private static Ran run(Language language, String call, String key) throws IOException, InterruptedException {
        for (String program : List.of(language.program, language == Language.CURL ? "curl" : language.program)) {
            assumeTrue(isThere(program), "there is no " + program + ": apt-get install " + language.debianPackage);
        }
        Path folder = Files.createTempDirectory(scratch, "call");
        Path file = Files.writeString(folder.resolve(language.file), call);
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(language.program, file.toString()).redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("MODELYARD_KEY", key);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), Files.readString(said));
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Something that answers what the test wants where a server would be. */
    private static final class Stub implements AutoCloseable {
        private final HttpServer http;

        interface Answers {
            Told to(HttpExchange exchange) throws IOException;
        }

        record Told(int status, String json) {}

        Stub(Answers answers) throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                Told told = answers.to(exchange);
                byte[] body = told.json().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
                exchange.sendResponseHeaders(told.status(), body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            http.start();
        }

        /** The same call, of this instead of the server. */
        String instead(String call) {
            return call.replace(house.server().uri("").toString(), "http://127.0.0.1:" + http.getAddress().getPort());
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
