package io.modelyard.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class PageTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aBrowserGetsThePage() {
        Answer page = root(BROWSER);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.header("cache-control")).contains("no-cache");
        assertThat(page.header("x-content-type-options")).contains("nosniff");
        assertThat(page.header("referrer-policy")).contains("no-referrer");
        assertThat(page.headers().allValues("vary")).anyMatch(names -> names.contains("Accept"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json", "application/json, text/html;q=0.5"})
    void everybodyElseIsToldThatTheServerIsThere(String accept) {
        assertThat(root(accept).json().path("status").asText()).isEqualTo("ok");
    }

    @Test
    void whoSaysNothingIsToldThatTheServerIsThere() {
        Answer answer = server.anonymous().get("/");
        assertThat(answer.json().path("service").asText()).isEqualTo("modelyard");
    }

    @Test
    void thePolicyAllowsNothingFromElsewhereAndNoScriptInThePageButTheOneThatIsThere() {
        Answer page = root(BROWSER);
        String policy = page.header("content-security-policy").orElseThrow();
        assertThat(policy).contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                "connect-src 'self'").doesNotContain("unsafe", "http:", "https:", "*");
        Matcher inline = Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page.text());
        assertThat(inline.find()).isTrue();
        assertThat(policy).contains(Digest.forPolicy(inline.group(1).getBytes(StandardCharsets.UTF_8)));
        assertThat(page.text()).doesNotContain(" onclick", " style=", "<style", "//cdn", "https://");
    }

    @Test
    void itsFilesAreKeptForGoodAndThePageIsAskedForAgain() {
        Answer page = root(BROWSER);
        Answer file = server.anonymous().get(app(page));
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("content-type")).contains("text/javascript; charset=utf-8");
        assertThat(file.header("cache-control")).contains("public, max-age=31536000, immutable");
        assertThat(file.header("x-content-type-options")).contains("nosniff");
        Answer again = server.anonymous().send(server.anonymous().request("/").header("Accept", BROWSER)
                .header("If-None-Match", page.header("etag").orElseThrow()).GET());
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
    }

    @Test
    void whoTakesPackedFilesGetsThem() {
        Answer packed = server.anonymous().send(server.anonymous().request(app(root(BROWSER)))
                .header("Accept-Encoding", "gzip, deflate").GET());
        assertThat(packed.header("content-encoding")).contains("gzip");
        assertThat(packed.headers().allValues("vary")).contains("Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dashboard/other/app.js", "/dashboard/VERSION/nothing.js",
            "/dashboard/VERSION/../application.yml", "/dashboard/VERSION/%2e%2e/application.yml",
            "/dashboard/VERSION/index.html"})
    void whatIsNoFileOfThePageIsNotThere(String path) {
        String version = Path.of(app(root(BROWSER))).getName(1).toString();
        assertThat(server.anonymous().get(path.replace("VERSION", version)).status()).isEqualTo(404);
    }

    private static Answer root(String accept) {
        return server.anonymous().send(server.anonymous().request("/").header("Accept", accept).GET());
    }

    private static String app(Answer page) {
        Matcher app = Pattern.compile("src=\"(/dashboard/[0-9a-f]+/app.js)\"").matcher(page.text());
        assertThat(app.find()).isTrue();
        return app.group(1);
    }
}
