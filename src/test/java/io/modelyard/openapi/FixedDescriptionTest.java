package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.Router;
import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import io.modelyard.http.RouteRoles;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the description says of routes that are there whatever is served. */
final class FixedDescriptionTest {
    @TempDir
    static Path store;
    private static TestServer server;
    private static JsonNode description;

    @BeforeAll
    static void start() {
        server = TestServer.prepare().store(SampleModels.copyTo(store)).start();
        description = server.get("/openapi.json").json();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Nobody else has a use for what the page asks for itself. */
    private static boolean isOfTheDashboard(String route) {
        return route.startsWith("GET /dashboard/") || route.equals("POST /api-keys/self/code");
    }

    private static void eachOperation(BiConsumer<String, JsonNode> use) {
        description.get("paths").properties().forEach(path -> path.getValue().properties()
                .forEach(operation -> use.accept(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                        operation.getValue())));
    }

    @Test
    void everyRouteIsDescribedWithItsRole() {
        Map<String, String> described = new TreeMap<>();
        eachOperation((route, operation) -> {
            if (!operation.at("/tags/0").asText().equals(ModelOperation.TAG)) {
                described.put(route, operation.path("x-required-role").asText(operation.has("security")
                        ? SecurityRule.IS_ANONYMOUS
                        : SecurityRule.IS_AUTHENTICATED));
            }
        });
        Map<String, String> routes = RouteRoles.of(server.bean(Router.class));
        assertThat(routes).containsEntry("GET /logs", "logs").containsEntry("DELETE /api-keys/{id}", "admin")
                .containsEntry("GET /", SecurityRule.IS_ANONYMOUS);
        routes.keySet().removeIf(FixedDescriptionTest::isOfTheDashboard);
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void everyOperationSaysWhatItDoesAndWhatMayComeOfIt() {
        List<String> tags = new ArrayList<>();
        description.get("tags").forEach(tag -> tags.add(tag.get("name").asText()));
        List<String> ids = new ArrayList<>();
        eachOperation((route, operation) -> {
            ids.add(operation.path("operationId").asText());
            assertThat(operation.path("operationId").asText()).as(route).matches("[a-z][A-Za-z0-9]+");
            assertThat(operation.path("summary").asText()).as(route).isNotBlank().doesNotEndWith(".");
            assertThat(operation.path("tags")).as(route).hasSize(1)
                    .allSatisfy(tag -> assertThat(tags).contains(tag.asText()));
            List<String> statuses = new ArrayList<>();
            operation.get("responses").fieldNames().forEachRemaining(statuses::add);
            assertThat(statuses).as(route).anyMatch(status -> status.matches("[23]..")).contains("429", "500");
            if (operation.has("x-required-role")) {
                assertThat(statuses).as(route).contains("401", "403");
                assertThat(operation.path("description").asText()).contains("Needs the role");
            }
            operation.get("responses").forEach(response -> assertThat(response.path("description").asText(""))
                    .as(route).doesNotContain(" response"));
        });
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void nothingOfTheProgramShowsThrough() {
        description.at("/components/schemas").fieldNames()
                .forEachRemaining(name -> assertThat(name).matches("[A-Z][A-Za-z0-9]*"));
        assertThat(description.toString()).doesNotContain("@code").doesNotContain("\"nullable\"")
                .doesNotContain("HttpResponse");
    }

    @Test
    void bothDescriptionsAreValid() {
        assertValid(description.toString());
        assertValid(server.get("/openapi/digits.json").text());
    }

    private static void assertValid(String text) {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(text, null, options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).isNotEmpty();
    }
}
