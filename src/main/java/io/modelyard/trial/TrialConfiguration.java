package io.modelyard.trial;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How models are tried in a child process.
 *
 * @param enabled whether they are; without it a model that ends its process ends the server, once
 * @param timeout after which a trial is ended
 * @param maxMemory bytes that a model may take in a trial at most; where it is not said, what the server has room for
 * @param directory holds the verdicts, and the marks of loads that are under way
 * @param workDirectory holds what a child writes as long as it lives
 */
@ConfigurationProperties("modelyard.trial")
record TrialConfiguration(@Bindable(defaultValue = "true") boolean enabled,
        @Bindable(defaultValue = "5m") Duration timeout, @Nullable @ReadableBytes Long maxMemory,
        @Bindable(defaultValue = ".modelyard/trials") Path directory,
        @Bindable(defaultValue = ".modelyard/trials/work") Path workDirectory) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofHours(1);
    private static final long LEAST_MEMORY = 1_000_000;

    /** @throws IllegalArgumentException if a value makes no sense */
    TrialConfiguration {
        if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("modelyard.trial.timeout is " + timeout + "; it must be from 1s to 1h");
        }
        if (maxMemory != null && maxMemory < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "modelyard.trial.max-memory is " + maxMemory + "; it must be at least 1MB");
        }
    }

    /** The smaller of what is configured and what the caller can spare. */
    OptionalLong limit(OptionalLong spare) {
        if (maxMemory == null) {
            return spare;
        }
        return OptionalLong.of(Math.min(maxMemory, spare.orElse(Long.MAX_VALUE)));
    }
}
