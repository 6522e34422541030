package io.modelyard.feedback;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How feedback is taken.
 *
 * @param retention the age of a prediction at which its feedback is deleted; null for that of the request log
 * @param maxRows the most rows that one request may tell of
 * @param maxBytes the largest body
 * @param patience how long after its prediction feedback waits for that to be in the log
 * @param refresh how often the metrics are computed, where there is new feedback
 */
@ConfigurationProperties("modelyard.feedback")
record FeedbackConfiguration(@Nullable Duration retention,
        @Bindable(defaultValue = "10000") int maxRows, @ReadableBytes @Bindable(defaultValue = "4MB") long maxBytes,
        @Bindable(defaultValue = "15m") Duration patience, @Bindable(defaultValue = "30s") Duration refresh) {
    FeedbackConfiguration {
        require(retention == null || isPositive(retention), "retention", String.valueOf(retention), "more than 0");
        require(maxRows >= 1 && maxRows <= 100_000, "max-rows", maxRows, "from 1 to 100000");
        require(maxBytes >= 1_000, "max-bytes", maxBytes, "at least 1KB");
        require(isPositive(patience), "patience", patience, "more than 0");
        require(isPositive(refresh), "refresh", refresh, "more than 0");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String property, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "modelyard.feedback." + property + " is " + value + "; it must be " + allowed);
        }
    }
}
