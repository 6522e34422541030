package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.registry.RegistryWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Experiments as operators set them up and callers meet them, on two replicas of one store. */
final class ExperimentOverHttpTest {
    private static final int REQUESTS = 20_000;
    private static final int ITEMS = 1_000;
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    @TempDir
    Path store;
    @TempDir
    Path data;
    private TestServer one;
    private TestServer other;
    private String key = "";

    @BeforeEach
    void start() {
        SampleModels.copyTo(store);
        publishDigits("3");
        one = TestServer.prepare().store(store).with("modelyard.registry.poll-interval", "100ms")
                .with("modelyard.experiment.reweight-every", "1s").start();
        key = one.adminKey();
        other = other();
    }

    private TestServer other() {
        return TestServer.prepare().store(store).data(data).with("modelyard.registry.poll-interval", "100ms").start();
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    @Test
    void randomSharesAreTheWeights() {
        begin("{\"type\": \"digits\", \"enabled\": true, \"split_ratio\": 0.3, \"models\": [\"1\", \"2\"],"
                + " \"strategy\": \"random\"}");
        Map<String, Integer> counts = versions("digits", i -> ROW);
        assertThat(counts).containsOnlyKeys("1", "2");
        assertThat(counts.get("1")).isBetween(Binomial.least(REQUESTS, 0.3), Binomial.most(REQUESTS, 0.3));
        JsonNode status = one.get("/ab-test/status?type=digits").json().at("/experiments/0");
        assertThat(status.at("/arms/0/figures/requests").asInt()).isEqualTo(counts.get("1"));
        assertThat(status.at("/arms/1/figures/requests").asInt()).isEqualTo(counts.get("2"));
        assertThat(status.at("/arms/1/figures/rows").asInt()).isEqualTo(counts.get("2"));
        Scraped scraped = Scraped.by(one.as(key));
        for (String version : List.of("1", "2")) {
            String[] arm = {"type", "digits", "arm", version, "version", version};
            assertThat(scraped.sum("modelyard_experiment_requests_total", arm))
                    .isEqualTo(scraped.sum("modelyard_experiment_seconds_count", arm))
                    .isEqualTo(scraped.sum("modelyard_experiment_rows_total", arm)).isPositive();
        }
        assertThat(scraped.sum("modelyard_experiment_arm_weight", "arm", "1")).isEqualTo(0.3);
        assertThat(scraped.sum("modelyard_experiment_arm_weight", "arm", "2")).isEqualTo(0.7);
        assertThat(status.at("/arms/0/figures/latency_ms/p99").asDouble())
                .isGreaterThanOrEqualTo(status.at("/arms/0/figures/latency_ms/p50").asDouble()).isPositive();
        assertThat(status.at("/arms/0/share").asDouble()).isEqualTo(0.3);
    }

    @Test
    void weightedSharesAreTheWeightsUntilSomethingIsMeasured() {
        begin("{\"type\": \"digits\", \"strategy\": \"weighted\", \"goal\": {\"metric\": \"accuracy\"}, \"arms\":"
                + " [{\"name\": \"a\", \"version\": \"1\", \"weight\": 1}, {\"name\": \"b\", \"version\": \"2\","
                + " \"weight\": 2}, {\"name\": \"c\", \"version\": \"3\", \"weight\": 1}]}");
        Map<String, Integer> counts = versions("digits", i -> ROW);
        assertThat(counts.get("1")).isBetween(Binomial.least(REQUESTS, 0.25), Binomial.most(REQUESTS, 0.25));
        assertThat(counts.get("2")).isBetween(Binomial.least(REQUESTS, 0.5), Binomial.most(REQUESTS, 0.5));
    }

    /** What is right by the first version's answers makes that the better arm, on both replicas and in the history. */
    @Test
    void weightsFollowTheFeedback() {
        begin("{\"type\": \"digits\", \"strategy\": \"weighted\", \"goal\": {\"metric\": \"accuracy\", \"floor\": 0.1},"
                + " \"models\": [\"1\", \"2\"]}");
        List<String> feedback = new ArrayList<>();
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            JsonNode answer = one.post("/predict/digits", ROW).json();
            boolean isRight = answer.get("model_version").asText().equals("1") || i % 4 == 0;
            int label = answer.at("/predictions/0/label").asInt();
            feedback.add("{\"prediction_id\": \"" + answer.get("prediction_id").asText() + "\", \"outcomes\": [\""
                    + (isRight ? label : (label + 1) % 10) + "\"]}");
            rows.merge(answer.get("model_version").asText(), 1, Integer::sum);
        }
        TestServer.Answer taken = one.post("/feedback", "{\"items\": [" + String.join(",", feedback) + "]}");
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        Eventually.isTrue("weights have followed", () -> arm(other, 0).get("share").asDouble() > 0.89);
        assertThat(arm(one, 0).get("share").asDouble() + arm(one, 1).get("share").asDouble()).isEqualTo(1,
                within(1e-9));
        assertThat(arm(one, 1).get("share").asDouble()).isGreaterThanOrEqualTo(0.1 - 1e-9);
        assertThat(arm(one, 0).at("/feedback/accuracy").asDouble()).isEqualTo(1);
        assertThat(arm(one, 0).at("/feedback/rows").asInt()).isEqualTo(rows.get("1"));
        assertThat(arm(one, 1).at("/feedback/accuracy").asDouble()).isLessThan(0.5);
        JsonNode newest = one.get("/models/digits/history").json().at("/revisions/0");
        assertThat(newest.get("action").asText()).isEqualTo("reweight_experiment");
        assertThat(newest.get("reason").asText()).startsWith("accuracy: 1 ").contains(" of " + rows.get("1"));
    }

    @Test
    void hashedInputsStayAndOnlyThoseMoveThatMust() {
        Function<Integer, String> rows = i -> "{\"inputs\": [[" + i + "," + "0,".repeat(62) + "0]]}";
        String begin = "{\"type\": \"digits\", \"strategy\": \"hash-based\", \"hash_on\": {\"input\": \"%s\"}, \"models\": "
                .formatted(firstFeature());
        begin(begin + "[\"1\", \"2\"]}");
        Map<Integer, String> before = answers(one, "digits", rows);
        assertThat(answers(other, "digits", rows)).isEqualTo(before);
        int first = count(before, "1");
        assertThat(first).isBetween(Binomial.least(REQUESTS, 0.5), Binomial.most(REQUESTS, 0.5));
        begin(begin + "[\"1\", \"2\", \"3\"]}");
        Map<Integer, String> after = answers(one, "digits", rows);
        after.forEach((row, version) -> assertThat(version).isIn(before.get(row), "3"));
        assertThat(count(after, "3")).isBetween(Binomial.least(REQUESTS, 1.0 / 3), Binomial.most(REQUESTS, 1.0 / 3));
        // The first value of a row by names is the same value.
        assertThat(one.post("/predict/digits", rows.apply(7)).json().at("/model_version").asText())
                .isEqualTo(after.get(7));
    }

    @Test
    void sessionsStayOnBothReplicasAndAfterARestart() {
        begin("{\"type\": \"digits\", \"strategy\": \"hash-based\", \"models\": [\"1\", \"2\"]}");
        Map<String, String> before = sessions(one);
        assertThat(before.values()).contains("1", "2");
        assertThat(sessions(other)).isEqualTo(before);
        other.close();
        other = other();
        Eventually.isTrue("ready", () -> other.anonymous().get("/health/readiness").status() == 200);
        assertThat(sessions(other)).isEqualTo(before);
    }

    @Test
    void whoNamesAVersionOrWantsNoExperimentIsNotPartOfIt() {
        one.post("/models/digits/1/activate", "{}");
        one.put("/models/digits/aliases/champion", "{\"version\": \"1\"}");
        begin("{\"type\": \"digits\", \"arms\": [{\"name\": \"new\", \"version\": \"2\"}]}");
        JsonNode joined = one.post("/predict/digits", ROW).json();
        assertThat(joined.get("model_version").asText()).isEqualTo("2");
        assertThat(joined.at("/experiment/arm").asText()).isEqualTo("new");
        for (String path : List.of("/predict/digits/1", "/predict/digits/@champion")) {
            JsonNode named = one.post(path, ROW).json();
            assertThat(named.get("model_version").asText()).isEqualTo("1");
            assertThat(named.has("experiment")).isFalse();
        }
        JsonNode refused = one.post("/predict/digits", ROW.replace("}", ", \"use_ab_testing\": false}")).json();
        assertThat(refused.get("model_version").asText()).isEqualTo("1");
        assertThat(refused.has("experiment")).isFalse();
        String batch = "{\"model_type\": \"digits\", \"use_ab_testing\": false, \"items\": [" + ROW + "]}";
        assertThat(one.post("/batch-predict", batch).json().at("/results/0/model_version").asText()).isEqualTo("1");
        Eventually.isTrue("in the log", () -> one.get("/logs?type=digits&version=2").json().at("/logs/0/arm").asText()
                .equals("new"));
    }

    @Test
    void anArmThatCannotBeLoadedGetsNothingAndSaysSo() throws IOException {
        publishDigits("4");
        try (var files = Files.walk(store.resolve("models/digits/4"))) {
            Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            Files.writeString(file, "no model");
        }
        one.post("/models/digits/1/activate", "{}");
        one.post("/ab-test/configure", "{\"type\": \"digits\", \"models\": [\"1\", \"4\"]}");
        Eventually.isTrue("failed", () -> arm(one, 1).get("state").asText().equals("FAILED"));
        assertThat(arm(one, 1).get("gets_traffic").asBoolean()).isFalse();
        assertThat(arm(one, 1).get("reason").asText()).contains("FAILED").contains("4");
        for (int i = 0; i < 50; i++) {
            assertThat(one.post("/predict/digits", ROW).json().get("model_version").asText()).isEqualTo("1");
        }
    }

    @Test
    void whatMakesNoSenseIsRefusedWithItsPlace() {
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\", \"9\"]}")).isEqualTo("/models/1");
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\", \"@latest\"]}")).isEqualTo("/models/1");
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\", \"1\"]}")).isEqualTo("/models/1");
        assertThat(problem("{\"type\": \"digits\", \"models\": []}")).isEqualTo("/models");
        assertThat(problem("{\"type\": \"digits\"}")).isEqualTo("");
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\", \"2\"], \"split_ratio\": 1.5}"))
                .isEqualTo("/split_ratio");
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\", \"2\"], \"strategy\": \"best\"}"))
                .isEqualTo("/strategy");
        assertThat(problem("{\"type\": \"digits\", \"arms\": [{\"version\": \"1\", \"weight\": -1}]}"))
                .isEqualTo("/arms/0/weight");
        assertThat(problem("{\"type\": \"digits\", \"strategy\": \"weighted\", \"models\": [\"1\", \"2\"], \"goal\":"
                + " {\"metric\": \"luck\"}}")).isEqualTo("/goal/metric");
        assertThat(problem("{\"type\": \"digits\", \"models\": [\"1\"], \"hash_on\": {\"header\": \"X-A\"}}"))
                .isEqualTo("/hash_on");
        assertThat(one.post("/ab-test/configure", "{\"type\": \"nothing\", \"models\": [\"1\"]}").code())
                .isEqualTo("model_not_found");
        assertThat(one.post("/ab-test/configure", "{\"models\": [\"1\"]}").code()).isEqualTo("no_default_type");
        assertThat(one.post("/ab-test/configure", "{\"type\": \"digits\", \"enabled\": false}").status())
                .isEqualTo(404);
        TestServer.Answer misspelt = one.post("/ab-test/configure", "{\"type\": \"digits\", \"arm\": []}");
        assertThat(misspelt.status()).isIn(400, 422);
        assertThat(one.get("/ab-test/status").json().get("experiments")).isEmpty();
    }

    @Test
    void aVersionInAnExperimentIsNotDeletedAndTheHistoryTells() {
        begin("{\"type\": \"digits\", \"models\": [\"1\", \"2\"], \"reason\": \"is 2 better?\"}");
        one.post("/models/digits/3/activate", "{}");
        assertThat(one.delete("/models/digits/1").code()).isEqualTo("version_in_use");
        assertThat(one.post("/ab-test/configure", "{\"type\": \"digits\", \"enabled\": false}").json().get("enabled")
                .asBoolean()).isFalse();
        assertThat(one.delete("/models/digits/1").status()).isEqualTo(200);
        List<String> actions = new ArrayList<>();
        one.get("/models/digits/history").json().get("revisions")
                .forEach(revision -> actions.add(revision.get("action").asText()));
        assertThat(actions).startsWith("retire", "end_experiment", "activate", "begin_experiment");
        assertThat(one.get("/models/digits/history").json().at("/revisions/3/reason").asText())
                .isEqualTo("is 2 better?");
    }

    @Test
    void beginningChangingAndEndingUnderLoadFailsNoRequest() throws ExecutionException, InterruptedException {
        one.post("/models/digits/1/activate", "{}");
        Eventually.isTrue("active", () -> other.as(key).post("/predict/digits", ROW).status() == 200);
        Queue<TestServer.Answer> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                TestServer.Client client = (i % 2 == 0 ? one : other).as(key);
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        answers.add(client.post("/predict/digits", ROW));
                    }
                }));
            }
            try {
                for (int round = 0; round < 3; round++) {
                    begin("{\"type\": \"digits\", \"models\": [\"1\", \"2\"]}");
                    begin("{\"type\": \"digits\", \"models\": [\"1\", \"2\", \"3\"], \"strategy\": \"hash-based\"}");
                    begin("{\"type\": \"digits\", \"models\": [\"3\", \"2\"], \"split_ratio\": 0.1}");
                    assertThat(one.post("/ab-test/configure", "{\"type\": \"digits\", \"enabled\": false}").status())
                            .isEqualTo(200);
                }
            } finally {
                over.set(true);
            }
        }
        for (Future<?> caller : callers) {
            caller.get();
        }
        assertThat(answers).hasSizeGreaterThan(100).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.json().get("model_version").asText()).isIn("1", "2", "3");
        });
    }

    /** Returns when every arm gets traffic on both replicas. */
    private void begin(String wish) {
        TestServer.Answer answer = one.post("/ab-test/configure", wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        long revision = answer.json().get("revision").asLong();
        for (TestServer server : List.of(one, other)) {
            Eventually.isTrue("all arms are warm", () -> {
                JsonNode status = server.as(key).get("/ab-test/status?type=digits").json().at("/experiments/0");
                boolean all = status.path("revision").asLong() == revision;
                for (JsonNode arm : status.path("arms")) {
                    all &= arm.get("gets_traffic").asBoolean();
                }
                return all;
            });
        }
    }

    private JsonNode arm(TestServer server, int i) {
        return server.as(key).get("/ab-test/status?type=digits").json().at("/experiments/0/arms/" + i);
    }

    private String problem(String wish) {
        TestServer.Answer answer = one.post("/ab-test/configure", wish);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        return answer.json().at("/errors/0/pointer").asText();
    }

    private Map<String, Integer> versions(String type, Function<Integer, String> body) {
        Map<String, Integer> counts = new HashMap<>();
        answers(one, type, body).values().forEach(version -> counts.merge(version, 1, Integer::sum));
        return counts;
    }

    /** Every item of a batch is a prediction of its own, which draws by itself. */
    private Map<Integer, String> answers(TestServer server, String type, Function<Integer, String> body) {
        Map<Integer, String> versions = new HashMap<>();
        for (int from = 0; from < REQUESTS; from += ITEMS) {
            List<String> items = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                items.add(body.apply(from + i));
            }
            TestServer.Answer answer = server.as(key).post("/batch-predict", "{\"model_type\": \"" + type
                    + "\", \"items\": [" + String.join(",", items) + "]}");
            JsonNode results = answer.json().get("results");
            assertThat(results).as(answer.text()).hasSize(ITEMS);
            for (int i = 0; i < ITEMS; i++) {
                assertThat(results.get(i).path("experiment").has("arm")).as(results.get(i).toString()).isTrue();
                versions.put(from + i, results.get(i).get("model_version").asText());
            }
        }
        return versions;
    }

    private Map<String, String> sessions(TestServer server) {
        Map<String, String> versions = new HashMap<>();
        TestServer.Client client = server.as(key);
        for (int i = 0; i < 200; i++) {
            String session = "session-" + i;
            TestServer.Answer answer = client.send(client.request("/predict/digits")
                    .header("X-Session-Id", session).header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(ROW)));
            versions.put(session, answer.json().path("model_version").asText(answer.text()));
        }
        return versions;
    }

    private static int count(Map<Integer, String> versions, String version) {
        return (int) versions.values().stream().filter(version::equals).count();
    }

    private String firstFeature() {
        return one.get("/models/digits/1").json().at("/inputs/0/features/0/name").asText();
    }

    /** The second sample under another version, in the store before a server sees it or by a server's own hand. */
    private void publishDigits(String version) {
        try {
            ObjectNode manifest = (ObjectNode) TestStore.JSON
                    .readTree(store.resolve("registry/digits/2.json").toFile());
            manifest.put("version", version);
            Path target = store.resolve("models/digits/" + version);
            Path source = store.resolve("models/digits/2");
            try (var files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = target.resolve(source.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
            if (one == null) {
                Files.writeString(store.resolve("registry/digits/" + version + ".json"), manifest.toString());
            } else {
                one.bean(RegistryWriter.class).publish(one.bean(DocumentFormat.class)
                        .readManifest(manifest.toString().getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException | InvalidDocumentException e) {
            throw new AssertionError(e);
        }
    }

    /** How many of so many independent draws come out, but for one time in a thousand million. */
    private static final class Binomial {
        private static final double RARE = 1e-9;
        private static final double[] LOG_FACTORIALS = new double[REQUESTS + 1];

        static {
            for (int i = 2; i <= REQUESTS; i++) {
                LOG_FACTORIALS[i] = LOG_FACTORIALS[i - 1] + Math.log(i);
            }
        }

        static int least(int draws, double share) {
            double below = 0;
            int hits = -1;
            while (below <= RARE) {
                hits++;
                below += probability(draws, share, hits);
            }
            return hits;
        }

        static int most(int draws, double share) {
            return draws - least(draws, 1 - share);
        }

        private static double probability(int draws, double share, int hits) {
            return Math.exp(LOG_FACTORIALS[draws] - LOG_FACTORIALS[hits] - LOG_FACTORIALS[draws - hits]
                    + hits * Math.log(share) + (draws - hits) * Math.log1p(-share));
        }
    }
}
