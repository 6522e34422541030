package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestServer.Answer;
import io.modelyard.TestServer.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What is scraped from a server after all that can become of predictions. */
final class MetricsOverHttpTest {
    private static final String REQUESTS = "modelyard_prediction_requests_total";

    private final TestServer server = TestServer.prepare().spec(GatedRuntime.SPEC)
            .with("modelyard.serving.prediction-threads", 1).with("modelyard.serving.batching", "never")
            .with("modelyard.serving.max-queue-per-model", 2).start();
    private final GatedRuntime runtime = server.bean(GatedRuntime.class);

    @AfterEach
    void stop() {
        runtime.open();
        server.close();
    }

    private void publish(String... types) {
        for (String type : types) {
            GatedRuntime.publish(server.store(), type,
                    manifest -> manifest.put("created_at", Instant.now().toString()));
        }
        server.post("/registry/sync", "");
    }

    private Answer ask(String type, float... values) {
        return ask(type, Map.of(), values);
    }

    private Answer ask(String type, Map<String, String> headers, float... values) {
        List<String> rows = new ArrayList<>();
        for (float value : values) {
            rows.add("[" + value + "]");
        }
        Client client = server.as(server.adminKey());
        var request = client.request("/predict/" + type).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"inputs\": [" + String.join(",", rows) + "]}"));
        headers.forEach(request::header);
        return client.send(request);
    }

    private CompletableFuture<Answer> begin(String type, float value) {
        return CompletableFuture.supplyAsync(() -> ask(type, value), Thread::startVirtualThread);
    }

    private double counted(String type, String outcome) {
        return Scraped.of(server).sum(REQUESTS, "type", type, "version", type.equals("none") ? "none" : "1", "outcome",
                outcome);
    }

    @Test
    void everyOutcomeIsCountedByTypeAndVersion() {
        publish("a", "b", "broken");
        Path file = server.store().resolve("models/broken/1/model.gated");
        write(file, "something else");
        assertThat(ask("a", 1, 2, 3).status()).isEqualTo(200);
        assertThat(ask("a", 1).status()).isEqualTo(200);
        assertThat(ask("b", 1).status()).isEqualTo(200);
        assertThat(ask("a", GatedRuntime.REFUSED).code()).isEqualTo("inference_failed");
        assertThat(server.post("/predict/a", "{\"inputs\": [[1, 2]]}").code()).isEqualTo("invalid_input");
        assertThat(server.post("/predict/a", "{\"inputs\": [[").code()).isEqualTo("malformed_json");
        assertThat(server.post("/predict/a/made-up", "{\"inputs\": [[1]]}").code()).isEqualTo("version_not_found");
        assertThat(server.post("/predict/made-up", "{\"inputs\": [[1]]}").code()).isEqualTo("model_not_found");
        assertThat(ask("broken", 1).code()).isEqualTo("model_load_failed");
        runtime.shut();
        CompletableFuture<Answer> computed = begin("a", 21);
        Eventually.isTrue("it is under way", () -> inFlight("a") == 1);
        CompletableFuture<Answer> waits = begin("a", 22);
        Eventually.isTrue("it waits", () -> inFlight("a") == 2);
        assertThat(ask("a", 23).code()).isEqualTo("queue_full");
        assertThat(ask("b", Map.of("X-Timeout-Ms", "50"), 3).code()).isEqualTo("deadline_exceeded");
        runtime.open();
        assertThat(computed.join().status()).isEqualTo(200);
        assertThat(waits.join().status()).isEqualTo(200);

        Scraped scraped = Scraped.of(server);
        assertThat(counted("a", "ok")).isEqualTo(4);
        assertThat(counted("b", "ok")).isEqualTo(1);
        assertThat(counted("a", "inference_failed")).isEqualTo(1);
        assertThat(counted("a", "invalid_input")).isEqualTo(1);
        assertThat(counted("a", "queue_full")).isEqualTo(1);
        assertThat(counted("b", "deadline_exceeded")).isEqualTo(1);
        assertThat(counted("broken", "model_load_failed")).isEqualTo(1);
        for (String outcome : List.of("malformed_json", "version_not_found", "model_not_found")) {
            assertThat(counted("none", outcome)).describedAs(outcome).isEqualTo(1);
        }
        assertThat(scraped.sum("modelyard_prediction_seconds_count", "type", "a")).isEqualTo(4);
        assertThat(scraped.sum("modelyard_prediction_rows_total", "type", "a")).isEqualTo(6);
        assertThat(scraped.sum("modelyard_prediction_answers_total", "type", "a")).isEqualTo(4);
        assertThat(scraped.text()).doesNotContain("made-up");
    }

    private double inFlight(String type) {
        return Scraped.of(server).sum("modelyard_prediction_model_in_flight", "type", type);
    }

    @Test
    void partsOfAPredictionAddUpToItsTime() {
        publish("a");
        for (int i = 0; i < 20; i++) {
            ask("a", i);
        }
        Scraped scraped = Scraped.of(server);
        double parts = 0;
        for (String part : List.of("preprocessing", "queue", "inference", "postprocessing")) {
            String name = "modelyard_prediction_" + part + "_seconds";
            assertThat(scraped.sum(name + "_count", "type", "a", "version", "1")).describedAs(part).isEqualTo(20);
            assertThat(scraped.sum(name + "_bucket", "type", "a", "le", "+Inf")).describedAs(part).isEqualTo(20);
            parts += scraped.sum(name + "_sum", "type", "a");
        }
        assertThat(parts).isPositive()
                .isLessThanOrEqualTo(scraped.sum("modelyard_prediction_seconds_sum", "type", "a") + 1e-9);
    }

    @Test
    void whatIsUnderWayIsShownWhileItIs() {
        publish("a");
        assertThat(ask("a", 1).status()).isEqualTo(200);
        int before = runtime.calls().size();
        runtime.shut();
        CompletableFuture<Answer> computed = begin("a", 11);
        Eventually.isTrue("it is being computed", () -> runtime.calls().size() > before);
        CompletableFuture<Answer> waits = begin("a", 12);
        Eventually.isTrue("one waits",
                () -> Scraped.of(server).sum("modelyard_prediction_queue_depth") == 1);
        Scraped scraped = Scraped.of(server);
        assertThat(scraped.sum("modelyard_prediction_in_flight")).isEqualTo(2);
        assertThat(scraped.sum("modelyard_prediction_threads")).isEqualTo(1);
        assertThat(scraped.sum("modelyard_prediction_threads_busy")).isEqualTo(1);
        assertThat(inFlight("a")).isEqualTo(2);
        runtime.open();
        computed.join();
        waits.join();
        Eventually.isTrue("nothing is under way", () -> {
            Scraped after = Scraped.of(server);
            return after.sum("modelyard_prediction_in_flight") == 0
                    && after.sum("modelyard_prediction_threads_busy") == 0;
        });
    }

    @Test
    void aPushIsTimedUntilItIsSeenAndUntilItIsReady() {
        publish("a");
        Scraped seen = Scraped.of(server);
        assertThat(seen.sum("modelyard_registry_push_seen_seconds_count")).isEqualTo(1);
        assertThat(seen.sum("modelyard_serving_push_ready_seconds_count")).isZero();
        server.post("/models/a/1/load", "");
        Scraped ready = Scraped.of(server);
        assertThat(ready.sum("modelyard_serving_push_ready_seconds_count")).isEqualTo(1);
        assertThat(ready.sum("modelyard_serving_push_ready_seconds_sum"))
                .isGreaterThanOrEqualTo(seen.sum("modelyard_registry_push_seen_seconds_sum"));
        assertThat(ready.sum("modelyard_serving_load_seconds_count", "runtime", "gated", "outcome", "ok")).isEqualTo(1);
        server.post("/models/a/1/unload", "");
        server.post("/models/a/1/load", "");
        assertThat(Scraped.of(server).sum("modelyard_serving_push_ready_seconds_count")).describedAs("once only")
                .isEqualTo(1);
    }

    @Test
    void aVersionThatIsOlderThanTheServerWasNotPushedToIt() {
        GatedRuntime.publish(server.store(), "old",
                manifest -> manifest.put("created_at", Instant.now().minusSeconds(600).toString()));
        server.post("/registry/sync", "");
        assertThat(Scraped.of(server).sum("modelyard_registry_versions")).isEqualTo(1);
        assertThat(Scraped.of(server).sum("modelyard_registry_push_seen_seconds_count")).isZero();
    }

    @Test
    void theSummaryInJsonTellsTheSame() {
        publish("a", "b");
        ask("a", 1);
        ask("a", 1);
        ask("b", 1);
        ask("b", GatedRuntime.REFUSED);
        ask("made-up", 1);
        JsonNode all = json(server.as(server.adminKey()));
        assertThat(all.path("total_requests").asInt()).isEqualTo(5);
        assertThat(all.path("error_rate").asDouble()).isEqualTo(0.4);
        assertThat(all.path("avg_latency_ms").asDouble()).isPositive();
        assertThat(all.path("p50_latency_ms").asDouble()).isPositive()
                .isLessThanOrEqualTo(all.path("p95_latency_ms").asDouble());
        assertThat(all.path("p95_latency_ms").asDouble()).isLessThanOrEqualTo(all.path("p99_latency_ms").asDouble());
        for (String name : List.of("latency_window_seconds", "uptime_seconds", "heap_used_bytes", "heap_max_bytes")) {
            assertThat(all.path(name).asDouble()).describedAs(name).isPositive();
        }
        assertThat(all.at("/memory/models_bytes").asLong()).isPositive();
        assertThat(all.at("/memory/process_resident_bytes").asLong()).isPositive();
        assertThat(all.at("/models/0/model_type").asText()).isEqualTo("a");
        assertThat(all.at("/models/0/total_requests").asInt()).isEqualTo(2);
        assertThat(all.at("/models/0/error_rate").asDouble()).isZero();
        assertThat(all.at("/models/1/model_version").asText()).isEqualTo("1");
        assertThat(all.at("/models/1/error_rate").asDouble()).isEqualTo(0.5);
        assertThat(all.path("models")).hasSize(2);
    }

    private static JsonNode json(Client client) {
        return client.send(client.request("/metrics").header("Accept", "application/json").GET()).json();
    }

    @Test
    void aKeyThatIsLimitedToTypesSeesTheirSeriesAlone() {
        publish("a", "b");
        ask("a", 1);
        ask("b", 1);
        ask("b", 2);
        JsonNode key = server.post("/api-keys", "{\"name\": \"watcher\", \"roles\": [\"read\"], \"types\": [\"a\"]}")
                .json();
        Client limited = server.as(key.path("key").asText());
        JsonNode json = json(limited);
        assertThat(json.path("total_requests").asInt()).isEqualTo(1);
        assertThat(json.path("p50_latency_ms").asDouble()).isPositive();
        assertThat(json.findValuesAsText("model_type")).containsExactly("a");
        Scraped scraped = Scraped.by(limited);
        assertThat(scraped.values("type")).containsExactly("a");
        assertThat(scraped.sum("modelyard_registry_versions")).isEqualTo(2);
        assertThat(Scraped.of(server).values("type")).contains("a", "b");
    }

    @Test
    void whatCallersMakeUpIsNoLabel() {
        publish("a");
        ask("a", 1);
        Client client = server.as(server.adminKey());
        client.send(client.request("/made-up-path/made-up-name").GET());
        client.send("MADEUP", "/predict/a", "{}");
        client.send(client.request("/models/made-up-type").GET());
        server.as("made-up-key").get("/models");
        assertThat(Scraped.of(server).text().toLowerCase(Locale.ROOT)).doesNotContain("made-up")
                .doesNotContain("madeup");
    }

    @Test
    void allSeriesOfOursStandInTheDocumentation() throws IOException {
        publish("a");
        ask("a", 1);
        String page = Files.readString(Path.of("docs/metrics.md"));
        List<List<String>> rows = page.lines().filter(line -> line.startsWith("| `"))
                .map(line -> Pattern.compile("`([a-z0-9_]+)`").matcher(line.split("\\|", 3)[1]).results()
                        .map(name -> name.group(1)).toList())
                .toList();
        Map<String, String> types = Scraped.of(server).types();
        types.keySet().removeIf(name -> name.endsWith("_max") && types.containsKey(name.replaceFirst("_max$", "")));
        assertThat(types.keySet()).filteredOn(name -> rows.stream().noneMatch(row -> names(row, name))).isEmpty();
        assertThat(types.keySet()).contains("jvm_memory_used_bytes", "jvm_threads_live_threads",
                "jvm_gc_memory_allocated_bytes_total", "jvm_classes_loaded_classes", "process_resident_memory_bytes",
                "process_cpu_seconds_total", "process_files_open_files", "process_uptime_seconds",
                "modelyard_native_memory_bytes", "modelyard_build_info", "modelyard_requestlog_written_rows_total",
                "modelyard_requestlog_queued_rows", "modelyard_registry_staleness_seconds");
    }

    /** Whether a row has the name: in full, or as the first one with another end. */
    private static boolean names(List<String> row, String name) {
        return row.stream().anyMatch(each -> each.equals(name) || (each.startsWith("_") && name.endsWith(each)
                && row.getFirst().startsWith(name.substring(0, name.length() - each.length()))));
    }

    @Test
    void namesAreAsPrometheusWantsThem() throws IOException, InterruptedException {
        Path promtool = Path.of("/usr/bin/promtool");
        assumeTrue(Files.isExecutable(promtool), "promtool is not there (Debian: prometheus)");
        publish("a");
        ask("a", 1);
        ask("a", GatedRuntime.REFUSED);
        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics").redirectErrorStream(true).start();
        try (var in = check.outputWriter()) {
            in.write(Scraped.of(server).text());
        }
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(check.exitValue()).isZero();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
