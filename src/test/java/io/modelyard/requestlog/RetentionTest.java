package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.database.Database;
import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import io.modelyard.requestlog.RequestLogConfiguration.Overflow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

final class RetentionTest {
    private static final String LARGE = "\"" + "x".repeat(20_000) + "\"";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private LogServer server;
    private final RequestLogStats stats = new RequestLogStats();
    private Instant now = NOON;

    @BeforeEach
    void start() {
        server = LogServer.start(folder, Map.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void rowsLeaveWhenTheyAreTooOld() throws SQLException {
        server.log().append(IntStream.range(0, 1_000).mapToObj(i -> row("p" + i, i * 1_000_000L)).toList());
        now = NOON.plus(Duration.ofHours(1)).plusSeconds(400);
        Retention retention = retention(Duration.ofHours(1), 1_000_000_000);
        retention.tend();
        assertThat(server.count()).isEqualTo(600);
        assertThat(stats.expired()).isEqualTo(400);
        assertThat(server.log().find("p399")).isEmpty();
        assertThat(server.log().find("p400")).isPresent();
        now = now.plusSeconds(100);
        retention.tend();
        assertThat(server.count()).isEqualTo(500);
    }

    @Test
    void theOldestLeaveWhenTheDatabaseIsTooLargeAndItsFileShrinks() throws Exception {
        append(0, 400);
        long before = fileSize();
        assertThat(before).isGreaterThan(8_000_000);
        Retention retention = retention(Duration.ofDays(30), 3_000_000);
        for (int turn = 0; turn < 20; turn++) {
            now = now.plusSeconds(1);
            retention.tend();
        }
        checkpoint();
        assertThat(stats.databaseBytes()).isLessThanOrEqualTo(3_000_000);
        assertThat(fileSize()).as("free pages come back, but for some that the next rows will use")
                .isLessThan(3_000_000 + 2 * 256 * 4096);
        long kept = server.count();
        assertThat(kept).as("no more leave than must").isGreaterThan(30);
        List<LoggedPrediction> rows = server.log().query(LogQuery.all(Set.of(), 1000)).rows();
        assertThat(rows.getFirst().predictionId()).isEqualTo("p399");
        assertThat(server.log().find("p" + (400 - kept))).isPresent();
        assertThat(server.log().find("p" + (400 - kept - 1))).isEmpty();
    }

    @Test
    void aLogThatIsFullStaysAtItsLimitWhileRowsGoOnArriving() throws Exception {
        Retention retention = retention(Duration.ofDays(30), 3_000_000);
        long largest = 0;
        for (int batch = 0; batch < 60; batch++) {
            append(batch * 20, 20);
            now = now.plusSeconds(1);
            retention.tend();
            largest = Math.max(largest, stats.databaseBytes());
            assertThat(server.log().find("p" + (batch * 20 + 19))).isPresent();
        }
        checkpoint();
        assertThat(fileSize()).isLessThan(6_000_000);
        assertThat(server.count()).isBetween(20L, 150L);
    }

    @Test
    void nothingIsLookedAtMoreOftenThanNeeded() throws SQLException {
        Retention retention = retention(Duration.ofHours(1), 1_000_000_000);
        retention.tend();
        server.log().append(List.of(row("a", -Duration.ofHours(2).toNanos() / 1000)));
        retention.tend();
        assertThat(server.count()).isEqualTo(1);
        now = now.plusMillis(100);
        retention.tend();
        assertThat(server.count()).isZero();
    }

    private void append(int first, int count) {
        server.log().append(IntStream.range(first, first + count).mapToObj(i -> new LoggedPrediction("p" + i, "r",
                LoggedPrediction.micros(NOON) + i, "t", "1", null, "onnx", "d", null, 200, null, LARGE, "[1]", 1, false,
                false, null, null, 0, 0, 0, 0, 0)).toList());
    }

    private Retention retention(Duration age, long maxBytes) {
        RequestLogConfiguration configuration = new RequestLogConfiguration(Overflow.DROP, Durability.ASYNC, 1_000,
                10_000_000, 100, Duration.ZERO, Duration.ofSeconds(1),
                1_000_000, age, maxBytes, Duration.ofSeconds(1));
        return new Retention(configuration, server.bean(Database.class), stats, () -> now);
    }

    private void checkpoint() throws SQLException {
        try (var connection = server.connect(); var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private long fileSize() throws IOException {
        return Files.size(LogServer.file(folder)) + Files.size(Path.of(LogServer.file(folder) + "-wal"));
    }
}
