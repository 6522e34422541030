package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.FaultyWire.Fault;
import io.modelyard.TestServer.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.BooleanSupplier;

/**
 * Whatever happens on the wire to the bucket: what is served goes on being served, nothing wrong is served, every request
 * is answered, and what was published meanwhile is there soon after the fault is over.
 */
final class StoreFaultsTest {
    /** By when a server has recovered after a fault. By default its polls back off to 10 seconds at most. */
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    /** By when a request must be answered that needs the store, with the time-outs below. */
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Path MODEL = Path.of("models-local/models/breast-cancer/2/model.ubj");
    private static final String ROW = "{\"inputs\": [[" + "1.5,".repeat(29) + "1.5]]}";

    @TempDir
    private Path folder;
    private TestBucket bucket;
    private FaultyWire wire;
    private TestServer server;
    private @Nullable JsonNode right;
    private int version = 1;

    @BeforeEach
    void start() {
        bucket = TestBucket.start();
        wire = new FaultyWire(bucket.endpoint(), Long.getLong("modelyard.test.seed", 20261121L));
        publish();
        server = TestServer.prepare().with(bucket.properties(wire.uri()))
                .with("modelyard.registry.poll-interval", "100ms")
                .with("modelyard.registry.reconcile-interval", "200ms")
                .with("modelyard.serving.load-retry", "200ms")
                .with("modelyard.store.s3.connect-timeout", "500ms").with("modelyard.store.s3.read-timeout", "700ms")
                .with("modelyard.store.s3.attempt-timeout", "1s").with("modelyard.store.s3.total-timeout", "3s")
                .start();
        Answer answer = predict(1);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        right = answer.json().path("predictions");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        wire.close();
        bucket.close();
    }

    @Test
    void everyFaultPasses() {
        for (Fault fault : Fault.values()) {
            int before = wire.faults();
            publish();
            wire.fail(fault);
            int after = wire.requests() + 2;
            await(fault + " is felt", RECOVERY, () -> goesOn() && wire.requests() >= after);
            assertThat(wire.faults() - before).as("%s", fault).isGreaterThanOrEqualTo(fault == Fault.NONE ? 0 : 1);
            isAnsweredInTime(fault);
            wire.heal();
            await("recovery from " + fault, RECOVERY, () -> goesOn() && predictsRightly(version));
        }
    }

    @Test
    void aModelThatIsFetchedOverABadWireIsRightOrNotThere() {
        wire.storm(0.3, Fault.CUT, Fault.TRUNCATE, Fault.CORRUPT, Fault.REFUSE, Fault.ERROR_500, Fault.LOSE_ANSWER);
        for (int i = 0; i < 5; i++) {
            publish();
        }
        await("a model was fetched", Duration.ofSeconds(30), () -> goesOn() && predictsRightly(2));
        wire.heal();
        for (int i = 2; i <= version; i++) {
            int each = i;
            await("recovery of " + each, RECOVERY, () -> predictsRightly(each));
        }
    }

    /** {@code mvn test -Dtest=StoreFaultsTest -Dmodelyard.test.storm=PT5M -Dmodelyard.test.seed=7} */
    @Test
    @Tag("storm")
    @EnabledIfSystemProperty(named = "modelyard.test.storm", matches = "PT.*")
    void aLongStormPasses() {
        long end = System.nanoTime() + Duration.parse(System.getProperty("modelyard.test.storm")).toNanos();
        Fault[] ways = EnumSet.complementOf(EnumSet.of(Fault.NONE)).toArray(Fault[]::new);
        for (int round = 0; System.nanoTime() < end; round++) {
            wire.storm(0.1 + 0.2 * (round % 5), ways);
            publish();
            int until = wire.requests() + 50;
            await("some requests", Duration.ofMinutes(2), () -> goesOn() && wire.requests() >= until);
            wire.heal();
            await("recovery in round " + round, RECOVERY, () -> goesOn() && predictsRightly(version));
        }
    }

    /** With plain PUTs that do not go over the wire. */
    private void publish() {
        version += right == null ? 0 : 1;
        Path store = folder.resolve("v" + version);
        new TestStore(store).publish("cancer", String.valueOf(version), "xgboost", MODEL);
        bucket.upload(store);
    }

    private Answer predict(int version) {
        return server.post("/predict/cancer/" + version, ROW);
    }

    /** Version 1 is in memory, so that nothing may keep it from answering. */
    private boolean goesOn() {
        Answer answer = predict(1);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("predictions")).isEqualTo(right);
        return true;
    }

    private boolean predictsRightly(int version) {
        Answer answer = predict(version);
        if (answer.status() == 200) {
            assertThat(answer.json().path("predictions")).as("version %s", version).isEqualTo(right);
            return true;
        }
        assertThat(answer.code()).as(answer.text()).isIn("version_not_found", "model_load_failed", "model_loading",
                "store_unavailable");
        return false;
    }

    private void isAnsweredInTime(Fault fault) {
        long start = System.nanoTime();
        Answer sync = server.post("/registry/sync", "");
        assertThat(sync.status()).as("%s: %s", fault, sync.text()).isIn(200, 503);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("%s", fault).isLessThan(ANSWER);
    }

    private static void await(String what, Duration within, BooleanSupplier condition) {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, within).isLessThan(end);
        }
    }
}
