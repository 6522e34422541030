package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.exchange;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.Eventually;
import io.modelyard.SettableClock;
import io.modelyard.database.Database;
import io.modelyard.database.TestPostgres;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.Timing;
import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import io.modelyard.requestlog.RequestLogConfiguration.Overflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What several replicas do with one PostgreSQL database, and what they do without it. */
@Timeout(60)
final class PostgresLogTest {
    private static final String LARGE = "\"" + "x".repeat(5_000) + "\"";

    private final TestPostgres postgres = TestPostgres.database();

    private final AtomicInteger replicas = new AtomicInteger();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void replicasThatStartAtOnceMakeTheTablesOnceAndWriteToThem() throws Exception {
        try (ExecutorService replicas = Executors.newFixedThreadPool(4)) {
            List<Future<?>> done = IntStream.range(0, 4).<Future<?>>mapToObj(i -> replicas.submit(() -> {
                try (LogServer server = start(Map.of())) {
                    server.log().append(List.of(row("mine" + i, i), row("ours", 9)));
                }
            })).toList();
            for (Future<?> replica : done) {
                replica.get();
            }
        }
        try (LogServer server = start(Map.of())) {
            assertThat(server.log().query(LogQuery.all(Set.of(), 10)).rows())
                    .extracting(LoggedPrediction::predictionId)
                    .containsExactly("ours", "mine3", "mine2", "mine1", "mine0");
        }
    }

    @Test
    void rowsWaitWhileTheDatabaseIsAwayAndAreWrittenWhenItIsBack() throws Exception {
        try (LogServer server = start(Map.of())) {
            server.predict(exchange("before"));
            Eventually.isTrue("it is written", () -> server.stats().written() == 1);
            postgres.goAway();
            server.predict(exchange("meanwhile"));
            Eventually.isTrue("it fails", () -> server.stats().failingSince().isPresent());
            assertThat(server.stats().dropped()).isZero();
            assertThatThrownBy(() -> server.log().find("before")).isInstanceOf(RequestLogException.class)
                    .hasMessageContaining("cannot be read");
            postgres.comeBack();
            Eventually.isTrue("it is written too", () -> server.stats().written() == 2);
            assertThat(server.log().find("before")).isPresent();
            assertThat(server.log().find("meanwhile")).isPresent();
            Eventually.isTrue("all is well", () -> server.stats().failingSince().isEmpty());
        }
    }

    @Test
    void aDatabaseThatIsNotThereYetKeepsNoServerFromStarting() {
        postgres.goAway();
        try (LogServer server = start(Map.of())) {
            assertThatThrownBy(() -> server.log().append(List.of(row("a", 1))))
                    .isInstanceOf(RequestLogException.class).hasMessageContaining("cannot be written");
            postgres.comeBack();
            server.log().append(List.of(row("a", 1)));
            assertThat(server.log().find("a")).isPresent();
        }
    }

    @Test
    void tablesThatWereDroppedAreMadeAgain() throws SQLException {
        try (LogServer server = start(Map.of())) {
            server.log().append(List.of(row("a", 1)));
            execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
            assertThatThrownBy(() -> server.log().append(List.of(row("b", 1))))
                    .isInstanceOf(RequestLogException.class);
            server.log().append(List.of(row("b", 1)));
            assertThat(server.log().find("b")).isPresent();
        }
    }

    @Test
    void aRowThatTheDatabaseRefusesDoesNotKeepOutTheOthers() throws Exception {
        try (LogServer server = start(Map.of("modelyard.requestlog.batch-delay", "300ms"))) {
            assertThat(server.log().find("none")).isEmpty();
            execute("ALTER TABLE prediction_log ADD CHECK (prediction_id <> 'bad')");
            for (String id : List.of("a", "bad", "b")) {
                server.predict(exchange(id));
            }
            Eventually.isTrue("the others are written", () -> server.stats().written() == 2);
            Eventually.isTrue("the bad one is dropped", () -> server.stats().dropped() == 1);
            assertThat(server.log().find("b")).isPresent();
        }
    }

    @Test
    void aNameWithACharacterThatTheDatabaseCannotKeepIsLogged() {
        try (LogServer server = start(Map.of())) {
            server.predict(new Exchange("nul", "r\0", NOON, "t\0", "v\0", null, null, 404,
                    "model_not_found", null, null, 0, AnswerSource.BYPASS, null, Timing.NONE));
            Eventually.isTrue("it is written", () -> server.stats().written() == 1);
            assertThat(server.log().find("nul")).hasValueSatisfying(
                    row -> assertThat(row.modelType()).isEqualTo("t\uFFFD"));
        }
    }

    @Test
    void theUserAndThePasswordAreTakenFromTheProperties() {
        postgres.asAdmin("DROP ROLE IF EXISTS penguin");
        postgres.asAdmin("CREATE ROLE penguin LOGIN SUPERUSER PASSWORD 'secret'");
        Map<String, Object> properties = new HashMap<>(Map.of("modelyard.requestlog.url", postgres.urlWithoutUser(),
                "modelyard.requestlog.user", "penguin", "modelyard.requestlog.password", "secret"));
        try (LogServer server = LogServer.start(folder, properties);
                Connection connection = server.bean(Database.class).connect();
                Statement statement = connection.createStatement();
                var user = statement.executeQuery("SELECT current_user")) {
            user.next();
            assertThat(user.getString(1)).isEqualTo("penguin");
            assertThat(server.bean(Database.class).isShared()).isTrue();
            assertThat(server.bean(Database.class)).asString().doesNotContain("secret", "penguin");
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void rowsLeaveWhenTheyAreTooOldWhicheverReplicaLooks() throws SQLException {
        SettableClock clock = new SettableClock(NOON.plus(Duration.ofHours(1)).plusSeconds(400));
        try (LogServer one = start(Map.of()); LogServer other = start(Map.of())) {
            one.log().append(IntStream.range(0, 1_000).mapToObj(i -> row("p" + i, i * 1_000_000L)).toList());
            Retention first = retention(one, Duration.ofHours(1), 1L << 40, clock);
            Retention second = retention(other, Duration.ofHours(1), 1L << 40, clock);
            Eventually.isTrue("the old ones are gone", () -> {
                first.tend();
                second.tend();
                clock.advance(Duration.ofSeconds(1));
                return other.log().find("p399").isEmpty();
            });
            assertThat(one.log().find("p999")).isPresent();
        }
    }

    @Test
    void whatAnotherReplicaIsDeletingIsLeftToIt() throws Exception {
        try (LogServer server = start(Map.of());
                Connection other = postgres.connect();
                Statement statement = other.createStatement()) {
            server.log().append(List.of(row("old", 0)));
            RequestLogStats stats = new RequestLogStats();
            SettableClock clock = new SettableClock(NOON.plus(Duration.ofHours(2)));
            Retention retention = retention(server, Duration.ofHours(1), 1L << 40, clock, stats);
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + Retention.JOB + ")");
            retention.tend();
            assertThat(server.log().find("old")).isPresent();
            assertThat(stats.failures()).isZero();
            other.rollback();
            clock.advance(Duration.ofSeconds(1));
            retention.tend();
            assertThat(server.log().find("old")).isEmpty();
        }
    }

    @Test
    void theOldestLeaveWhenTheRowsTakeTooMuch() throws SQLException {
        SettableClock clock = new SettableClock(NOON);
        RequestLogStats stats = new RequestLogStats();
        try (LogServer server = start(Map.of())) {
            assertThat(server.log().find("none")).isEmpty();
            // Not compressible, and so of the size that is written.
            execute("ALTER TABLE prediction_log ALTER COLUMN inputs SET STORAGE EXTERNAL");
            server.log().append(IntStream.range(0, 1_000).mapToObj(i -> new LoggedPrediction("p" + i, "r",
                    LoggedPrediction.micros(NOON) + i, "t", "1", null, "onnx", "d", null, 200, null, LARGE, "[1]", 1,
                    false, false, null, null, 0, 0, 0, 0, 0)).toList());
            execute("ANALYZE prediction_log");
            Retention retention = retention(server, Duration.ofDays(30), 2_000_000, clock, stats);
            Eventually.isTrue("rows leave", () -> {
                retention.tend();
                clock.advance(Duration.ofSeconds(11));
                return stats.expired() > 0;
            });
            for (int turn = 0; turn < 20; turn++) {
                retention.tend();
                clock.advance(Duration.ofSeconds(11));
            }
            assertThat(stats.databaseBytes()).isLessThanOrEqualTo(2_000_000);
            long kept = 1_000 - stats.expired();
            assertThat(kept).as("5.4 kB each").isBetween(200L, 390L);
            assertThat(server.log().find("p999")).isPresent();
            assertThat(server.log().find("p0")).isEmpty();
        }
    }

    private LogServer start(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("modelyard.requestlog.url", postgres.url());
        properties.put("modelyard.requestlog.connect-timeout", "500ms");
        return LogServer.start(folder.resolve("replica" + replicas.incrementAndGet()), properties);
    }

    private static Retention retention(LogServer server, Duration age, long maxBytes, SettableClock clock) {
        return retention(server, age, maxBytes, clock, new RequestLogStats());
    }

    private static Retention retention(LogServer server, Duration age, long maxBytes, SettableClock clock,
            RequestLogStats stats) {
        RequestLogConfiguration configuration = new RequestLogConfiguration(Overflow.DROP, Durability.ASYNC, 1_000,
                10_000_000, 100, Duration.ZERO, Duration.ofSeconds(1), 1_000_000, age, maxBytes, Duration.ofSeconds(1));
        return new Retention(configuration, server.bean(Database.class), stats, clock);
    }

    private void execute(String... sql) throws SQLException {
        try (Connection connection = postgres.connect(); Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }
}
