package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.FaultyWire;
import io.modelyard.FaultyWire.Fault;
import io.modelyard.TestBucket;
import io.modelyard.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Publishers that are processes of their own and get SIGKILL in the middle of a request to the bucket, whose server has done
 * what was asked or not. The model is sent in several parts.
 */
final class KilledPushTest {
    private static final int TRIALS = Integer.getInteger("modelyard.torn.processes", 2);
    private static final long SEED = Long.getLong("modelyard.torn.seed", 20261121);
    /** More than a single request takes with parts of 5 MB: five parts. */
    private static final int MODEL_BYTES = 22_000_000;
    /** Two requests of the probe and one that removes it, the look, the start, five parts, the look, the end, the rest. */
    private static final int REQUESTS = 16;

    @TempDir
    Path folder;

    @Test
    @Timeout(900)
    void leavesNothingThatAServerTakesForAVersion() throws Exception {
        Path model = largeModel();
        Random random = new Random(SEED);
        int killed = 0;
        try (TestBucket bucket = TestBucket.start();
                FaultyWire wire = new FaultyWire(bucket.endpoint(), SEED);
                TestServer server = server(bucket)) {
            for (int trial = 0; trial < TRIALS; trial++) {
                String version = "v" + trial;
                killed += killAt(wire, bucket, model, version, random.nextInt(REQUESTS), random.nextBoolean()) ? 1 : 0;
                wire.heal();
                server.post("/registry/sync", "");
                if (!bucket.keys("registry/large/" + version).isEmpty()) {
                    assertThat(load(server, version).path("state").asText()).as("trial %d", trial).isEqualTo("READY");
                } else {
                    assertThat(server.get("/models/large/" + version).status()).as("trial %d", trial).isEqualTo(404);
                }
                try (ChildProcess again = push(bucket, wire, model, version)) {
                    String output = again.outputAtEnd();
                    assertThat(again.exitCode()).as("trial %d: %s", trial, output).isZero();
                }
                server.post("/registry/sync", "");
                assertThat(load(server, version).path("state").asText()).as("trial %d", trial).isEqualTo("READY");
                assertThat(bucket.keys("models/large/" + version)).as("trial %d", trial).hasSize(1);
            }
        }
        System.out.printf("%d processes of %d killed in a request%n", killed, TRIALS);
        assertThat(killed).isPositive();
    }

    private boolean killAt(FaultyWire wire, TestBucket bucket, Path model, String version, int request, boolean done)
            throws InterruptedException {
        AtomicInteger left = new AtomicInteger(request);
        AtomicReference<ChildProcess> process = new AtomicReference<>();
        AtomicInteger kills = new AtomicInteger();
        wire.choose(each -> {
            if (left.getAndDecrement() > 0) {
                return Fault.NONE;
            }
            if (kills.getAndIncrement() == 0 && !done) {
                process.get().killNow();
                return Fault.REFUSE;
            }
            // The server gets this one whole, and nobody is there for its answer.
            return kills.get() == 1 ? Fault.LOSE_ANSWER : Fault.REFUSE;
        });
        try (ChildProcess child = push(bucket, wire, model, version)) {
            process.set(child);
            if (done) {
                awaitFault(wire, child);
                child.killNow();
            }
            child.exitCode();
        }
        return kills.get() > 0;
    }

    private static void awaitFault(FaultyWire wire, ChildProcess child) throws InterruptedException {
        int before = wire.faults();
        while (wire.faults() == before && child.isAlive()) {
            Thread.sleep(5);
        }
    }

    private ChildProcess push(TestBucket bucket, FaultyWire wire, Path model, String version) {
        List<String> arguments = new ArrayList<>(
                List.of("push", model.toString(), "--type", "large", "--version", version,
                        "-Dmodelyard.store.s3.part-size=5MB"));
        bucket.properties(wire.uri()).forEach((property, value) -> arguments.add("-D" + property + "=" + value));
        Map<String, String> environment = new HashMap<>(Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString(),
                "AWS_ACCESS_KEY_ID", TestBucket.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", TestBucket.SECRET_KEY));
        return ChildProcess.modelyard(environment, arguments.toArray(String[]::new));
    }

    private static TestServer server(TestBucket bucket) {
        TestServer.Builder builder = TestServer.prepare().with("modelyard.publish.drop", "off");
        bucket.properties().forEach(builder::with);
        return builder.start();
    }

    private static JsonNode load(TestServer server, String version) {
        return server.post("/models/large/" + version + "/load", "").json();
    }

    /** A model that is large because of a comment that every runtime passes over. */
    private Path largeModel() throws IOException {
        byte[] small = Files.readAllBytes(Path.of("src/test/resources/small-xgboost.json"));
        ByteArrayOutputStream large = new ByteArrayOutputStream(MODEL_BYTES);
        large.write(small);
        byte[] blanks = " ".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        while (large.size() < MODEL_BYTES) {
            large.write(blanks);
        }
        return Files.write(folder.resolve("model.json"), large.toByteArray());
    }
}
