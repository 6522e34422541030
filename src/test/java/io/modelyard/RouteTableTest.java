package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.web.router.Router;
import io.modelyard.TestServer.Answer;
import io.modelyard.TestServer.Client;
import io.modelyard.model.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may call what: every route of a server against every role, no key, and every kind of key that is not valid or not for the
 * type. The routes are asked of the server, so one that is not in the table below fails.
 */
final class RouteTableTest {
    /** Everybody. */
    private static final Set<String> PUBLIC = Set.of("GET /", "GET /health", "GET /health/{selector}",
            "GET /dashboard/{version}/{+path}", "POST /api-keys/self/code");

    /** Whoever has a key. */
    private static final Set<String> FOR_EVERY_KEY = Set.of("GET /api-keys/self");

    /** The one role, besides admin, that a route needs. The server of this test is not bound to loopback. */
    private static final Map<String, Role> NEEDS = Map.ofEntries(
            Map.entry("POST /predict", Role.PREDICT),
            Map.entry("POST /predict/{type}", Role.PREDICT),
            Map.entry("POST /predict/{type}/{version}", Role.PREDICT),
            Map.entry("POST /batch-predict", Role.PREDICT),
            Map.entry("POST /feedback", Role.PREDICT),
            Map.entry("POST /feedback/{predictionId}", Role.PREDICT),
            Map.entry("GET /models/{type}/{version}/schema", Role.PREDICT),
            Map.entry("GET /ab-test/status", Role.READ),
            Map.entry("POST /ab-test/configure", Role.OPERATE),
            Map.entry("GET /models", Role.READ),
            Map.entry("GET /models/{type}", Role.READ),
            Map.entry("GET /models/{type}/{version}", Role.READ),
            Map.entry("GET /models/{type}/history", Role.READ),
            Map.entry("GET /registry", Role.READ),
            Map.entry("GET /metrics", Role.READ),
            Map.entry("GET /events", Role.READ),
            Map.entry("GET /dashboard/types", Role.READ),
            Map.entry("GET /openapi.json", Role.READ),
            Map.entry("GET /openapi/{type}.json", Role.READ),
            Map.entry("GET /docs", Role.READ),
            Map.entry("GET /redoc", Role.READ),
            Map.entry("PUT /models/{type}/{version}", Role.PUBLISH),
            Map.entry("POST /models/{type}/{version}/load", Role.OPERATE),
            Map.entry("POST /models/{type}/{version}/unload", Role.OPERATE),
            Map.entry("POST /models/{type}/{version}/activate", Role.OPERATE),
            Map.entry("DELETE /models/{type}/{version}/activate", Role.OPERATE),
            Map.entry("POST /models/{version}/activate", Role.OPERATE),
            Map.entry("POST /models/{type}/rollback", Role.OPERATE),
            Map.entry("PUT /models/{type}/aliases/{alias}", Role.OPERATE),
            Map.entry("DELETE /models/{type}/aliases/{alias}", Role.OPERATE),
            Map.entry("DELETE /models/{type}/{version}", Role.OPERATE),
            Map.entry("POST /models/{type}/{version}/restore", Role.OPERATE),
            Map.entry("DELETE /delete-models", Role.OPERATE),
            Map.entry("POST /registry/sync", Role.OPERATE),
            Map.entry("PUT /registry/default-type", Role.OPERATE),
            Map.entry("GET /feedback/{predictionId}", Role.LOGS),
            Map.entry("GET /logs", Role.LOGS),
            Map.entry("GET /logs/{predictionId}", Role.LOGS),
            Map.entry("GET /api-keys", Role.ADMIN),
            Map.entry("POST /api-keys", Role.ADMIN),
            Map.entry("POST /api-keys/{id}/rotate", Role.ADMIN),
            Map.entry("DELETE /api-keys/{id}", Role.ADMIN),
            Map.entry("GET /audit", Role.ADMIN));

    private static final String TYPE = "digits";
    private static final String OTHER_TYPE = "breast-cancer";

    @TempDir
    static Path store;
    private static TestServer server;
    private static final Map<Role, Client> HOLDERS = new EnumMap<>(Role.class);
    private static final Map<Role, Client> FOR_ANOTHER_TYPE = new EnumMap<>(Role.class);
    private static Client revoked;
    private static Client expired;

    /** One route, or what is to be sent to it. */
    private record Call(String method, String path) {
        static Call of(String route) {
            int space = route.indexOf(' ');
            return new Call(route.substring(0, space), route.substring(space + 1));
        }

        Call about(String type) {
            String query = method.equals("DELETE") && path.endsWith("/activate") ? "?local=true"
                    // It would go on for ever.
                    : path.equals("/events") ? "?once=true" : "";
            return new Call(method, path.replace("{type}", type).replaceAll("\\{\\+?[a-zA-Z]+}", "1") + query);
        }

        Answer by(Client client) {
            return client.send(client.request(path).header("Content-Type", "application/json").method(method,
                    method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body())));
        }

        /** What is good enough to come as far as the type. */
        private String body() {
            if (path.startsWith("/predict")) {
                return "{\"model_type\": \"" + TYPE + "\", \"inputs\": [[1]]}";
            }
            if (path.equals("/batch-predict")) {
                return "{\"model_type\": \"" + TYPE + "\", \"items\": [[[1]]]}";
            }
            if (path.equals("/ab-test/configure")) {
                return "{\"type\": \"" + TYPE + "\", \"enabled\": false}";
            }
            return path.equals("/registry/default-type") ? "{\"type\": \"" + TYPE + "\"}" : "{\"version\": \"1\"}";
        }
    }

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.prepare().with("micronaut.server.host", "0.0.0.0")
                .with("modelyard.access.failed-attempts", 1_000_000).store(SampleModels.copyTo(store)).start();
        for (Role role : Role.values()) {
            HOLDERS.put(role, server.as(key("{\"name\": \"n\", \"roles\": [\"" + role.jsonName() + "\"]}")));
            if (role != Role.ADMIN) {
                FOR_ANOTHER_TYPE.put(role, server.as(key("{\"name\": \"n\", \"roles\": [\"" + role.jsonName()
                        + "\"], \"types\": [\"" + OTHER_TYPE + "\"]}")));
            }
        }
        JsonNode ended = made("{\"name\": \"n\", \"roles\": [\"admin\"]}");
        server.delete("/api-keys/" + ended.path("id").asText());
        revoked = server.as(ended.path("key").asText());
        expired = server.as(expiredKey());
    }

    /** As one that was made long ago. */
    private static String expiredKey() throws IOException {
        JsonNode made = made("{\"name\": \"n\", \"roles\": [\"admin\"], \"expires_at\": \"2099-01-01T00:00:00Z\"}");
        Path document = store.resolve("access/" + made.path("id").asText() + "/0000000001.json");
        Path next = document.resolveSibling("0000000002.json");
        Files.writeString(next, Files.readString(document).replace("2099-01-01", "2020-01-01")
                .replace("\"revision\" : 1", "\"revision\" : 2"));
        server.post("/registry/sync", "");
        return made.path("key").asText();
    }

    private static JsonNode made(String wish) {
        Answer made = server.post("/api-keys", wish);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private static String key(String wish) {
        return made(wish).path("key").asText();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theTableHasEveryRouteAndNoOther() {
        Set<String> known = new TreeSet<>(NEEDS.keySet());
        known.addAll(PUBLIC);
        known.addAll(FOR_EVERY_KEY);
        assertThat(routes(server)).as("routes of the server, and those in the table of this test").isEqualTo(known);
    }

    @TestFactory
    Stream<DynamicTest> whoHasNoValidKeyIsTurnedAway() {
        return NEEDS.keySet().stream().sorted().map(route -> DynamicTest.dynamicTest(route, () -> {
            Call call = Call.of(route).about(TYPE);
            assertUnauthenticated(call.by(server.anonymous()), "needs a key");
            assertUnauthenticated(call.by(server.as("my_nonsense")), "not known");
            assertUnauthenticated(call.by(revoked), "revoked");
            assertUnauthenticated(call.by(expired), "expired at 2020");
        }));
    }

    @TestFactory
    Stream<DynamicTest> whoHasAnotherRoleIsTurnedAway() {
        return NEEDS.keySet().stream().sorted().map(route -> DynamicTest.dynamicTest(route, () -> {
            Role needed = role(route);
            for (Role role : Role.values()) {
                if (role != needed && role != Role.ADMIN) {
                    Answer answer = Call.of(route).about(TYPE).by(holder(HOLDERS, role));
                    assertThat(answer.status()).as("%s: %s", role, answer.text()).isEqualTo(403);
                    assertThat(answer.code()).isEqualTo("forbidden");
                    assertThat(answer.detail()).contains("'" + needed.jsonName() + "'");
                }
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> whoHasTheRoleIsLetIn() {
        return NEEDS.keySet().stream().sorted().map(route -> DynamicTest.dynamicTest(route, () -> {
            for (Role role : EnumSet.of(role(route), Role.ADMIN)) {
                // Of a type that is not there, so that nothing comes of it.
                Answer answer = Call.of(route).about("no-such-type").by(holder(HOLDERS, role));
                assertThat(answer.status()).as("%s: %s", role, answer.text()).isNotIn(401, 403, 405, 429, 500, 503);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> whoHasAKeyForAnotherTypeLearnsNothingOfThisOne() {
        return NEEDS.keySet().stream().filter(route -> role(route) != Role.ADMIN).sorted()
                .map(route -> DynamicTest.dynamicTest(route, () -> {
                    Answer answer = Call.of(route).about(TYPE).by(holder(FOR_ANOTHER_TYPE, role(route)));
                    if (route.contains("{type}")) {
                        assertThat(answer.status()).as(answer.text()).isIn(403, 404);
                    } else if (answer.status() < 300 && !OF_NO_TYPE.contains(route)) {
                        assertThat(answer.text().contains("\"forbidden\"") || !answer.text().contains(TYPE))
                                .as(answer.text()).isTrue();
                    }
                }));
    }

    /** Told to all who may read: names and counts of the whole server. */
    private static final Set<String> OF_NO_TYPE = Set.of("GET /metrics");

    @TestFactory
    Stream<DynamicTest> whatIsPublicIsForEverybody() {
        return PUBLIC.stream().sorted().map(route -> DynamicTest.dynamicTest(route, () -> {
            Call call = Call.of(route.replace("{selector}", "liveness")).about(TYPE);
            for (Client client : List.of(server.anonymous(), server.as("my_nonsense"), revoked, expired)) {
                Answer answer = call.by(client);
                // There is no such file, and no code in the request: but nobody is asked for a key.
                assertThat(answer.status()).as(answer.text()).isLessThan(500).isNotIn(401, 403);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> everyKeyLearnsWhatItOpens() {
        return FOR_EVERY_KEY.stream().map(route -> DynamicTest.dynamicTest(route, () -> {
            Call call = Call.of(route);
            HOLDERS.forEach((role, client) -> {
                Answer answer = call.by(client);
                assertThat(answer.status()).as("%s: %s", role, answer.text()).isEqualTo(200);
                assertThat(answer.json().path("roles").toString()).contains('"' + role.jsonName() + '"');
            });
            assertUnauthenticated(call.by(server.anonymous()), "needs a key");
            assertUnauthenticated(call.by(revoked), "revoked");
        }));
    }

    @Test
    void aRouteWithoutARuleIsFoundAndClosed() {
        try (TestServer other = TestServer.prepare().spec("forgotten").start()) {
            assertThat(routes(other)).contains("GET /forgotten", "GET /misspelt");
            assertThat(other.anonymous().get("/forgotten").status()).isEqualTo(401);
            assertThat(other.get("/forgotten").status()).isEqualTo(403);
            assertThat(other.get("/misspelt").status()).isEqualTo(403);
        }
    }

    @Requires(property = "spec.name", value = "forgotten")
    @Controller
    static class ForgottenController {
        @Get("/forgotten")
        String forgotten() {
            return "secret";
        }

        @Get("/misspelt")
        @Secured("amdin")
        String misspelt() {
            return "secret";
        }
    }

    private static Client holder(Map<Role, Client> clients, Role role) {
        return Optional.ofNullable(clients.get(role)).orElseThrow();
    }

    private static Role role(String route) {
        return Optional.ofNullable(NEEDS.get(route)).orElseThrow();
    }

    /** The framework adds HEAD to each GET, with the same rule. */
    private static Set<String> routes(TestServer asked) {
        return asked.bean(Router.class).uriRoutes().filter(route -> !route.getHttpMethodName().equals("HEAD"))
                .map(route -> route.getHttpMethodName() + " " + route.getUriMatchTemplate().toPathString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertUnauthenticated(Answer answer, String why) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("unauthenticated");
        assertThat(answer.detail()).contains(why);
    }
}
