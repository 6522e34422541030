package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** From an exchange to its row, with a database that works, and with one that another process has locked. */
@Timeout(60)
final class ExchangeLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void anObservedPredictionCanBeReadWithinASecond() {
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.predict(exchange("warm"));
            await(() -> server.log().find("warm").isPresent());
            long start = System.nanoTime();
            server.bean(ExchangeLog.class).observed(exchange("a"));
            await(() -> server.log().find("a").isPresent());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void withDurabilitySyncAnAnswerFollowsItsRow() {
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.durability", "sync"))) {
            for (int i = 0; i < 50; i++) {
                server.predict(exchange("p" + i));
                assertThat(server.log().find("p" + i)).isPresent();
            }
            assertThat(server.stats().unconfirmed()).isZero();
        }
    }

    @Test
    void stoppingWritesWhatIsQueued() throws SQLException {
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.batch-delay", "800ms"))) {
            for (int i = 0; i < 5_000; i++) {
                server.bean(ExchangeLog.class).observed(exchange("p" + i));
            }
        }
        try (LogServer again = LogServer.start(folder, Map.of())) {
            assertThat(again.count()).isEqualTo(5_000);
        }
    }

    @Test
    void aLockedDatabaseHoldsUpAnAnswerForMaxWaitAndTheRowIsWrittenLater() throws Exception {
        try (LogServer server = LogServer.start(folder, impatient(Map.of("modelyard.requestlog.durability", "sync")))) {
            server.predict(exchange("before"));
            await(() -> server.stats().written() == 1);
            try (Connection locked = locked(server)) {
                server.predict(exchange("during"));
                assertThat(count(locked)).isEqualTo(1);
                await(() -> server.stats().failures() > 0);
                assertThat(server.stats().failingSince()).isPresent();
                assertThat(server.stats().lastFailure()).hasValueSatisfying(
                        failure -> assertThat(failure.reason()).contains("locked"));
            }
            await(() -> server.log().find("during").isPresent());
            // On a busy machine the first one, which makes the tables, may have waited for max-wait too.
            await(() -> server.stats().unconfirmed() >= 1);
            assertThat(server.stats().failingSince()).isEmpty();
            assertThat(server.stats().dropped()).isZero();
        }
    }

    @Test
    void withOverflowDropWhatHasNoRoomIsDroppedAndCountedAndNobodyWaits() throws Exception {
        try (LogServer server = LogServer.start(folder, impatient(Map.of("modelyard.requestlog.queue-rows", 10)))) {
            server.predict(exchange("before"));
            await(() -> server.log().find("before").isPresent());
            await(() -> server.stats().queuedRows() == 0);
            try (Connection locked = locked(server)) {
                assertThat(count(locked)).isEqualTo(1);
                for (int i = 0; i < 100; i++) {
                    assertThat(server.bean(ExchangeLog.class).answerAfter(exchange("p" + i)).toCompletableFuture())
                            .isDone();
                }
                assertThat(server.stats().dropped()).isEqualTo(90);
            }
            await(() -> server.stats().written() == 11);
            assertThat(server.count()).isEqualTo(11);
        }
    }

    @Test
    void withOverflowBlockAnAnswerWaitsForRoomAndNoRowIsLost() throws Exception {
        try (LogServer server = LogServer.start(folder, impatient(Map.of("modelyard.requestlog.queue-rows", 2,
                "modelyard.requestlog.overflow", "block", "modelyard.requestlog.max-wait", "50s")))) {
            server.predict(exchange("before"));
            await(() -> server.stats().written() == 1 && server.stats().queuedRows() == 0);
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            try (Connection locked = locked(server)) {
                assertThat(count(locked)).isEqualTo(1);
                for (int i = 0; i < 7; i++) {
                    answers.add(server.bean(ExchangeLog.class).answerAfter(exchange("p" + i)).toCompletableFuture());
                }
                assertThat(answers.stream().filter(CompletableFuture::isDone)).hasSize(2);
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            await(() -> server.stats().written() == 8);
            assertThat(server.count()).isEqualTo(8);
            assertThat(server.stats().dropped()).isZero();
        }
    }

    @Test
    void aDatabaseThatKeepsFailingHoldsUpNoMoreAnswers() throws Exception {
        try (LogServer server = LogServer.start(folder, impatient(Map.of("modelyard.requestlog.durability", "sync")))) {
            server.predict(exchange("before"));
            await(() -> server.stats().written() == 1);
            try (Connection locked = locked(server)) {
                assertThat(count(locked)).isEqualTo(1);
                server.predict(exchange("first"));
                await(() -> server.stats().failingSince().isPresent());
                await(() -> server.bean(ExchangeLog.class).answerAfter(exchange("next")).toCompletableFuture()
                        .isDone());
            }
        }
    }

    @Test
    void stoppingDoesNotWaitForALockedDatabaseForEver() throws Exception {
        LogServer server = LogServer.start(folder, impatient(Map.of("modelyard.requestlog.shutdown-timeout", "300ms")));
        RequestLogStats stats = server.stats();
        server.predict(exchange("before"));
        await(() -> stats.written() == 1);
        try (Connection locked = locked(server)) {
            assertThat(count(locked)).isEqualTo(1);
            server.predict(exchange("lost"));
            long start = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(stats.dropped()).isEqualTo(1);
    }

    @Test
    void aRowThatTheDatabaseRefusesDoesNotKeepOutTheOthers() throws Exception {
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.batch-delay", "300ms"))) {
            assertThat(server.log().find("none")).isEmpty();
            try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
                statement
                        .execute("CREATE TRIGGER refuse BEFORE INSERT ON prediction_log WHEN NEW.prediction_id = 'bad' "
                                + "BEGIN SELECT RAISE(ABORT, 'not this one'); END");
            }
            for (String id : List.of("a", "bad", "b")) {
                server.predict(exchange(id));
            }
            await(() -> server.stats().written() == 2);
            assertThat(server.count()).isEqualTo(2);
            assertThat(server.stats().dropped()).isEqualTo(1);
            await(() -> server.stats().failingSince().isEmpty());
        }
    }

    @Test
    void anObserverThatSaysNothingElseHoldsUpNoAnswer() {
        List<Exchange> seen = new ArrayList<>();
        ExchangeObserver observer = seen::add;
        assertThat(observer.answerAfter(exchange("a")).toCompletableFuture()).isDone();
        assertThat(seen).hasSize(1);
    }

    /** Gives up on a lock soon. */
    private Map<String, Object> impatient(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("modelyard.requestlog.url",
                "jdbc:sqlite:" + LogServer.file(folder) + "?busy_timeout=20", "modelyard.requestlog.max-wait", "200ms",
                "modelyard.requestlog.batch-delay", "0ms"));
        all.putAll(more);
        return all;
    }

    /** Another process's transaction, which lets others read and not write until it is closed. */
    private static Connection locked(LogServer server) throws SQLException {
        Connection connection = server.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("BEGIN IMMEDIATE");
        }
        return connection;
    }

    private static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var result = statement.executeQuery("SELECT COUNT(*) FROM prediction_log")) {
            return result.getLong(1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("this takes too long").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
