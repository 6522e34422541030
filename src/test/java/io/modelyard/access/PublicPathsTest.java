package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;

/** What may be seen without a key, depending on who can reach the server. */
final class PublicPathsTest {
    @Test
    void healthIsForEverybodyWhereverTheServerIsBound() {
        try (TestServer server = bound("0.0.0.0").start()) {
            for (String path : new String[]{"/health", "/health/liveness", "/health/readiness"}) {
                assertThat(server.anonymous().get(path).status()).as(path).isEqualTo(200);
                assertThat(server.as("my_wrong").get(path).status()).as(path).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void metricsAndDocsArePublicOnLoopback(String host) {
        try (TestServer server = bound(host).start()) {
            assertThat(server.anonymous().get("/metrics").status()).isEqualTo(200);
            assertThat(server.anonymous().get("/docs/index.html").text()).contains("swagger-ui");
        }
    }

    @Test
    void metricsAndDocsNeedTheRoleReadElsewhere() {
        try (TestServer server = bound("0.0.0.0").start()) {
            for (String path : new String[]{"/metrics", "/docs/index.html"}) {
                assertThat(server.anonymous().get(path).status()).as(path).isEqualTo(401);
                assertThat(server.as(key(server, Role.PREDICT)).get(path).status()).as(path).isEqualTo(403);
                assertThat(server.as(key(server, Role.READ)).get(path).status()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void configurationMakesPathsPublicWithAllBelowThem() {
        try (TestServer server = bound("0.0.0.0").with("modelyard.access.public-paths", "/docs").start()) {
            assertThat(server.anonymous().get("/docs/index.html").status()).isEqualTo(200);
            assertThat(server.anonymous().get("/metrics").status()).isEqualTo(401);
        }
    }

    @Test
    void noDetourThroughAPublicPathLeadsToAnotherOne() {
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

    private static TestServer.Builder bound(String host) {
        return TestServer.prepare().spec("secured").with("micronaut.server.host", host);
    }

    private static String key(TestServer server, Role role) {
        PlainKey plain = PlainKey.random(new SecureRandom());
        server.bean(KeyStore.class).change(role.jsonName(), _ -> new ApiKey(role.jsonName(), 1, "c", null, plain.hash(),
                Set.of(role), Set.of(), null, false, Instant.EPOCH, null));
        return plain.text();
    }
}
