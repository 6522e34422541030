package io.modelyard.serving;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

import java.time.Duration;

/**
 * @param loading when models are loaded: {@code lazy} on first use, {@code eager} the active ones at start
 * @param warmupIterations how often the examples are run before a model is ready
 * @param loadRetry how long after a failed load the next is tried, doubled after every further failure
 */
@ConfigurationProperties("modelyard.serving")
public record ServingConfiguration(@Bindable(defaultValue = "LAZY") @NotNull Loading loading,
        @Bindable(defaultValue = "3") @Min(0) @Max(1000) int warmupIterations,
        @Bindable(defaultValue = "5s") @NotNull Duration loadRetry,
        @Bindable(defaultValue = "5m") @NotNull Duration loadRetryMost) {

    /** When models are loaded. */
    public enum Loading {
        LAZY, EAGER
    }
}
