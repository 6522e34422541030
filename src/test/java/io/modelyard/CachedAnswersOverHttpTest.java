package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.TestServer.Answer;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.onnx.TestOnnxModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Requests that look alike, of all three runtimes: other numbers of the same bytes, other steps before and after, other outputs,
 * versions and spellings. What is kept is what is computed, to the last digit.
 */
class CachedAnswersOverHttpTest {
    private static final int REQUESTS = Integer.getInteger("modelyard.test.cache-requests", 400);
    private static final List<String> FEATURES = List.of("island", "mass", "bill");

    @TempDir
    static Path scratch;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.prepare().store(SampleModels.copyTo(Files.createDirectories(scratch.resolve("store"))))
                .with("modelyard.predictioncache.policy", "always").start();
        publish("floats", "1", TestOnnxModels.identity(OnnxModelBuilder.FLOAT, -1, 3));
        publish("floats", "2", OnnxModelBuilder.model().input("x", OnnxModelBuilder.FLOAT, -1, 3)
                .output("y", OnnxModelBuilder.FLOAT, -1, 3).node("Neg", List.of("x"), List.of("y")));
        publish("longs", "1", TestOnnxModels.identity(OnnxModelBuilder.INT64, -1, 3));
        publish("squares", "1", TestOnnxModels.identity(OnnxModelBuilder.FLOAT, -1, -1, -1));
        assertThat(server.post("/registry/sync", "").status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void publish(String type, String version, OnnxModelBuilder model) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve(type + version));
        model.writeTo(folder);
        new TestStore(scratch.resolve("store")).publish(type, version, "onnx", folder, manifest -> {
            if (type.equals("floats")) {
                ObjectNode input = manifest.putArray("inputs").addObject().put("name", "x").put("dtype", "float32");
                input.putArray("shape").add(-1).add(3);
                ArrayNode features = input.putArray("features");
                FEATURES.forEach(name -> features.addObject().put("name", name));
            }
        });
    }

    private static Answer ask(String path, String body, String cacheControl) {
        return server.as(server.adminKey()).send(server.as(server.adminKey()).request("/predict/" + path)
                .header("Content-Type", "application/json").header("Cache-Control", cacheControl)
                .POST(BodyPublishers.ofString(body)));
    }

    /** A path and a body. */
    private record Request(String path, String body) {}

    private static String number(Random random) {
        return List.of("0", "-0.0", "1", "1.0", "10e-1", "-1", "2", "0.1", "0.10000000149011612", "1e-46", "16777217",
                "16777216").get(random.nextInt(12));
    }

    private static String whole(Random random) {
        return List.of("0", "1", "1.0", "-1", "1065353216").get(random.nextInt(5));
    }

    private static String row(Random random) {
        return "[" + number(random) + ", " + number(random) + ", " + number(random) + "]";
    }

    /** The same row in any order of its members. */
    private static String named(Random random) {
        List<String> members = new ArrayList<>();
        FEATURES.forEach(name -> members.add("\"" + name + "\": " + number(random)));
        Collections.shuffle(members, random);
        return "{" + String.join(", ", members) + "}";
    }

    private static String steps(Random random) {
        return List.of("", ", \"preprocessing\": {\"scale\": 2}", ", \"preprocessing\": {\"mean\": [0, 0, 1]}",
                ", \"preprocessing\": {\"clip\": {\"min\": 0}}", ", \"postprocessing\": {\"softmax\": true}",
                ", \"postprocessing\": {\"threshold\": 0.5}", ", \"postprocessing\": {\"round\": 1}",
                ", \"preprocessing\": {\"scale\": 0.5}, \"postprocessing\": {\"top_k\": 2}").get(random.nextInt(8));
    }

    private static Request random(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Request("floats/" + (1 + random.nextInt(2)),
                    "{\"inputs\": [" + row(random) + "]" + steps(random) + "}");
            case 2 -> new Request("floats/" + (1 + random.nextInt(2)),
                    "{\"inputs\": [" + named(random) + "]" + steps(random) + "}");
            case 3 -> new Request("longs/1", "{\"inputs\": [[" + whole(random) + ", " + whole(random) + ", "
                    + whole(random) + "]]}");
            case 4 -> new Request("squares/1", "{\"inputs\": " + List.of("[[[1, 2, 3, 4]]]", "[[[1, 2], [3, 4]]]",
                    "[[[1], [2], [3], [4]]]", "[[[1, 2]], [[3, 4]]]", "[[[1], [2]], [[3], [4]]]").get(random.nextInt(5))
                    + "}");
            case 5 -> new Request("squares/1", "{\"inputs\": {\"x\": [[" + row(random) + "]]}}");
            case 6 -> new Request("digits/" + (1 + random.nextInt(2)), "{\"inputs\": [" + pixels(random) + "]"
                    + List.of("", ", \"postprocessing\": {\"labels\": false}", ", \"preprocessing\": {\"scale\": 3}")
                            .get(random.nextInt(3))
                    + "}");
            default -> new Request("breast-cancer/" + (1 + random.nextInt(2)), "{\"inputs\": [" + cells(random)
                    + "]" + List.of("", ", \"postprocessing\": {\"threshold\": 0.2}").get(random.nextInt(2)) + "}");
        };
    }

    private static String pixels(Random random) {
        return Collections.nCopies(64, random.nextInt(3)).toString();
    }

    private static String cells(Random random) {
        return Collections.nCopies(30, random.nextInt(3)).toString();
    }

    @Test
    void whatIsKeptIsWhatIsComputed() {
        Random random = new Random(20261121);
        Map<Request, String> computed = new HashMap<>();
        int cached = 0;
        for (int i = 0; i < REQUESTS; i++) {
            Request request = random(random);
            String truth = computed.computeIfAbsent(request, each -> told(ask(each.path(), each.body(), "no-store")));
            Answer answer = ask(request.path(), request.body(), "max-age=60");
            assertThat(told(answer)).as(request.toString()).isEqualTo(truth);
            cached += answer.json().path("cached").asBoolean() ? 1 : 0;
            assertThat(answer.header("X-Cache"))
                    .contains(answer.json().path("cached").asBoolean() ? "memory" : "miss");
        }
        assertThat(cached).isBetween(REQUESTS / 8, REQUESTS);
    }

    private static String told(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.header("X-Model-Digest").orElseThrow() + answer.json().get("predictions")
                + answer.json().path("warnings");
    }

    @Test
    void stepsAfterTheModelDoNotChangeWhatIsKept() {
        String inputs = "{\"inputs\": [[3, 4, 5]]";
        String plain = told(ask("floats/1", inputs + "}", "no-store"));
        for (String steps : List.of("\"softmax\": true", "\"threshold\": 0.5", "\"sigmoid\": true, \"round\": 1",
                "\"top_k\": 2")) {
            String body = inputs + ", \"postprocessing\": {" + steps + "}}";
            String once = told(ask("floats/1", body, "no-store"));
            assertThat(told(ask("floats/1", body, ""))).isEqualTo(once);
            Answer again = ask("floats/1", body, "");
            assertThat(again.json().path("cached").asBoolean()).isTrue();
            assertThat(told(again)).isEqualTo(once);
            assertThat(told(ask("floats/1", inputs + "}", ""))).isEqualTo(plain);
        }
    }

    @Test
    void afterARollbackTheAnswersAreThoseOfTheVersionBefore() {
        String body = "{\"inputs\": [[0.5, 0.25, 0.125]]}";
        List<String> digests = new ArrayList<>();
        for (String change : List.of("floats/1/activate", "floats/2/activate", "floats/rollback", "floats/rollback")) {
            assertThat(server.post("/models/" + change, "{}").status()).isEqualTo(200);
            String truth = told(ask("floats", body, "no-store"));
            assertThat(told(ask("floats", body, ""))).isEqualTo(truth);
            Answer cached = ask("floats", body, "");
            assertThat(cached.json().path("cached").asBoolean()).isTrue();
            assertThat(told(cached)).isEqualTo(truth);
            digests.add(cached.header("X-Model-Digest").orElseThrow());
        }
        assertThat(digests.get(0)).isEqualTo(digests.get(2)).isNotEqualTo(digests.get(1));
        assertThat(digests.get(1)).isEqualTo(digests.get(3));
    }
}
