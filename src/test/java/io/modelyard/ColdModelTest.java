package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.modelyard.TestServer.Answer;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many first requests at once for a model that is not loaded, whether it can be or not. */
final class ColdModelTest {
    private static final int CALLERS = 64;
    private static final String ROW = "{\"inputs\": [[" + "0,".repeat(63) + "0]]}";

    @TempDir
    Path store;
    private TestServer server;
    private String key;
    private SettableClock clock;

    /** In the place of the real clock. */
    @Requires(property = "spec.name", value = "cold")
    @Factory
    static final class Clocks {
        @Singleton
        @Replaces(Clock.class)
        SettableClock clock() {
            return new SettableClock(Instant.now());
        }
    }

    @BeforeEach
    void start() {
        server = TestServer.prepare().spec("cold").store(SampleModels.copyTo(store)).start();
        key = server.adminKey();
        clock = server.bean(SettableClock.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void areAnsweredAlikeByOneLoad() throws ExecutionException, InterruptedException {
        List<Answer> answers = askAtOnce();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> answer.json().get("predictions")).distinct()).hasSize(1);
        assertThat(answers.getFirst().json().get("predictions"))
                .isEqualTo(ask().json().get("predictions"));
    }

    @Test
    void areAllToldWhyItCannotBeLoadedUntilItIsMendedAndTheBackOffIsOver()
            throws ExecutionException, InterruptedException, IOException {
        Path model = store.resolve("models/digits/2/model.onnx");
        Path away = store.resolveSibling("away.onnx");
        Files.move(model, away);
        List<Answer> answers = askAtOnce();
        assertThat(answers).allSatisfy(ColdModelTest::assertLoadFailed);
        assertThat(answers.stream().map(Answer::detail).distinct()).as("one load, one reason").hasSize(1);

        Files.move(away, model);
        assertLoadFailed(ask());
        clock.advance(Duration.ofHours(1));
        assertThat(askAtOnce()).allSatisfy(answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
    }

    private static void assertLoadFailed(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("model_load_failed");
        assertThat(answer.detail()).contains("model.onnx");
        assertThat(answer.header("Retry-After")).isPresent();
    }

    private Answer ask() {
        return server.as(key).post("/predict/digits/2", ROW);
    }

    private List<Answer> askAtOnce() throws ExecutionException, InterruptedException {
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                answers.add(callers.submit(this::ask));
            }
        }
        List<Answer> all = new ArrayList<>();
        for (Future<Answer> answer : answers) {
            all.add(answer.get());
        }
        return all;
    }
}
