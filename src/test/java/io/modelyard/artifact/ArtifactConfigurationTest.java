package io.modelyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;

final class ArtifactConfigurationTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void nonsenseIsRefusedByTheNameOfItsProperty() {
        assertRefused("modelyard.artifact.max-bytes is 5", 5L, 4, SECOND, DAY, 1_000_000);
        assertRefused("modelyard.artifact.concurrent-downloads is 0", null, 0, SECOND, DAY, 1_000_000);
        assertRefused("modelyard.artifact.concurrent-downloads is 65", null, 65, SECOND, DAY, 1_000_000);
        assertRefused("modelyard.artifact.download-retry is PT0S", null, 4, Duration.ZERO, DAY, 1_000_000);
        assertRefused("modelyard.artifact.download-retry is PT24H", null, 4, DAY, DAY, 1_000_000);
        assertRefused("modelyard.artifact.verify-interval is PT-1S", null, 4, SECOND, SECOND.negated(), 1_000_000);
        assertRefused("modelyard.artifact.verify-rate is 1", null, 4, SECOND, DAY, 1);
    }

    @Test
    void theLimitMayBeLeftToTheDisk() {
        assertThat(of(null, 4, SECOND, Duration.ZERO, 1_000_000).limit()).isEmpty();
        assertThat(of(1_000_000L, 4, SECOND, DAY, 1_000_000).limit()).hasValue(1_000_000);
    }

    private static void assertRefused(String message, @Nullable Long maxBytes, int downloads, Duration retry,
            Duration interval, long rate) {
        assertThatThrownBy(() -> of(maxBytes, downloads, retry, interval, rate))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message)
                .hasMessageContaining("it must be");
    }

    private static ArtifactConfiguration of(@Nullable Long maxBytes, int downloads, Duration retry, Duration interval,
            long rate) {
        return new ArtifactConfiguration(Path.of("x"), maxBytes, downloads, retry, interval, rate);
    }
}
