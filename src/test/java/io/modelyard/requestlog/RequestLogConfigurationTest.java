package io.modelyard.requestlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import io.modelyard.requestlog.RequestLogConfiguration.Overflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

final class RequestLogConfigurationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void defaultsSuitASmallServer() {
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.retention", ""))) {
            assertThat(server.bean(RequestLogConfiguration.class)).isEqualTo(new RequestLogConfiguration(Overflow.DROP,
                    Durability.ASYNC, 20_000, 64L << 20,
                    1_000, Duration.ofMillis(200), Duration.ofSeconds(5), 1L << 20, Duration.ofDays(30), 10L << 30,
                    Duration.ofSeconds(10)));
        }
    }

    @Test
    void everyPropertyIsTaken() {
        Map<String, Object> properties = Map.ofEntries(Map.entry("overflow", "block"), Map.entry("durability", "sync"),
                Map.entry("queue-rows", "7"),
                Map.entry("queue-bytes", "5MB"), Map.entry("batch-rows", "3"), Map.entry("batch-delay", "10ms"),
                Map.entry("max-wait", "2s"), Map.entry("max-row-bytes", "100KB"), Map.entry("retention", "2h"),
                Map.entry("max-bytes", "50MB"), Map.entry("shutdown-timeout", "3s"));
        Map<String, Object> named = new HashMap<>();
        properties.forEach((name, value) -> named.put("modelyard.requestlog." + name, value));
        try (LogServer server = LogServer.start(folder, named)) {
            assertThat(server.bean(RequestLogConfiguration.class))
                    .isEqualTo(new RequestLogConfiguration(Overflow.BLOCK, Durability.SYNC, 7, 5L << 20, 3,
                            Duration.ofMillis(10), Duration.ofSeconds(2), 100L << 10, Duration.ofHours(2), 50L << 20,
                            Duration.ofSeconds(3)));
        }
    }

    @ParameterizedTest
    @CsvSource({"queue-rows, 0", "queue-bytes, 10KB", "batch-rows, 0", "batch-delay, 2s", "max-wait, 0s",
            "max-row-bytes, 40MB", "retention, 0s", "max-bytes, 1KB", "shutdown-timeout, 0s"})
    void nonsenseIsRefusedWithTheNameOfTheProperty(String property, String value) {
        Map<String, Object> properties = Map.of("modelyard.requestlog." + property, value);
        assertThatThrownBy(() -> LogServer.start(folder, properties))
                .hasStackTraceContaining("modelyard.requestlog." + property + " is ");
    }
}
