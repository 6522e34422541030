package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;

/** What may be seen without a key, depending on who can reach the server. */
final class PublicPathsTest {
    @TempDir
    Path pages;

    @Test
    void healthIsForEverybodyWhereverTheServerIsBound() throws IOException {
        try (TestServer server = bound("0.0.0.0").start()) {
            for (String path : new String[]{"/health", "/health/liveness", "/health/readiness"}) {
                assertThat(server.anonymous().get(path).status()).as(path).isEqualTo(200);
                assertThat(server.as("my_wrong").get(path).status()).as(path).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void metricsAndDocsArePublicOnLoopback(String host) throws IOException {
        try (TestServer server = bound(host).start()) {
            assertThat(server.anonymous().get("/metrics").status()).isEqualTo(200);
            assertThat(server.anonymous().get("/docs/index.html").text()).isEqualTo("the docs");
        }
    }

    @Test
    void metricsAndDocsNeedTheRoleReadElsewhere() throws IOException {
        try (TestServer server = bound("0.0.0.0").start()) {
            for (String path : new String[]{"/metrics", "/docs/index.html"}) {
                assertThat(server.anonymous().get(path).status()).as(path).isEqualTo(401);
                assertThat(server.as(key(server, Role.PREDICT)).get(path).status()).as(path).isEqualTo(403);
                assertThat(server.as(key(server, Role.READ)).get(path).status()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void configurationMakesPathsPublicWithAllBelowThem() throws IOException {
        try (TestServer server = bound("0.0.0.0").with("modelyard.access.public-paths", "/docs").start()) {
            assertThat(server.anonymous().get("/docs/index.html").status()).isEqualTo(200);
            assertThat(server.anonymous().get("/metrics").status()).isEqualTo(401);
        }
    }

    @Test
    void noDetourThroughAPublicPathLeadsToAnotherOne() throws IOException {
        try (TestServer server = bound("127.0.0.1").start()) {
            for (String path : new String[]{"/docs/../api-keys", "/docs/%2e%2e/api-keys", "/health/../api-keys",
                    "//api-keys", "/./api-keys", "/api-keys/", "/api-keys;x=/docs", "/docs/..%2fapi-keys",
                    "/API-KEYS"}) {
                assertThat(server.anonymous().get(path).status()).as(path).isBetween(400, 404);
            }
        }
    }

    @Test
    void aPublicPathThatIsNoneIsRefusedAtStart() {
        TestServer.Builder builder = TestServer.prepare().with("modelyard.access.public-paths", "docs/");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(builder::start)).hasStackTraceContaining(
                "modelyard.access.public-paths: 'docs/' is not a path");
    }

    private TestServer.Builder bound(String host) throws IOException {
        Files.writeString(pages.resolve("index.html"), "the docs");
        return TestServer.prepare().spec("secured").with("micronaut.server.host", host)
                .with("micronaut.router.static-resources.docs.paths", "file:" + pages)
                .with("micronaut.router.static-resources.docs.mapping", "/docs/**");
    }

    private static String key(TestServer server, Role role) {
        PlainKey plain = PlainKey.random(new SecureRandom());
        server.bean(KeyStore.class).change(role.jsonName(), _ -> new ApiKey(role.jsonName(), 1, "c", null, plain.hash(),
                Set.of(role), Set.of(), null, false, Instant.EPOCH, null));
        return plain.text();
    }
}
