package io.modelyard.requestlog;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

import java.time.Duration;

/**
 * How predictions are logged.
 *
 * @param overflow what happens when rows come faster than they are written
 * @param durability when an answer may go out
 * @param queueRows rows that may wait in memory
 * @param queueBytes bytes of inputs and predictions that may wait in memory
 * @param batchRows the most rows of one transaction
 * @param batchDelay how long a row waits for others to share its transaction; not with {@code durability=sync}
 * @param maxWait how long an answer waits for its row at most, with {@code overflow=block} or {@code durability=sync}
 * @param maxRowBytes inputs and predictions of a row that are larger than this together are left out, inputs first
 * @param retention the age at which rows are deleted
 * @param maxBytes the size of the database above which the oldest rows are deleted
 * @param shutdownTimeout how long stopping waits for what is still to be written
 */
@ConfigurationProperties("modelyard.requestlog")
public record RequestLogConfiguration(@Bindable(defaultValue = "drop") Overflow overflow,
        @Bindable(defaultValue = "async") Durability durability, @Bindable(defaultValue = "20000") int queueRows,
        @ReadableBytes @Bindable(defaultValue = "64MB") long queueBytes,
        @Bindable(defaultValue = "1000") int batchRows, @Bindable(defaultValue = "200ms") Duration batchDelay,
        @Bindable(defaultValue = "5s") Duration maxWait,
        @ReadableBytes @Bindable(defaultValue = "1MB") long maxRowBytes,
        @Bindable(defaultValue = "30d") Duration retention,
        @ReadableBytes @Bindable(defaultValue = "10GB") long maxBytes,
        @Bindable(defaultValue = "10s") Duration shutdownTimeout) {

    /** What to do with a row for which there is no room. */
    public enum Overflow {
        /** It is dropped and counted. */
        DROP,
        /** Its answer waits for room, where whoever answers asks how long; else it is dropped and counted. */
        BLOCK
    }

    /** When an answer may go out. */
    public enum Durability {
        /** At once; the row is written behind it. */
        ASYNC,
        /** When the row is committed. There is nothing to drop then, so overflow is {@code block} in effect. */
        SYNC
    }

    public RequestLogConfiguration {
        require(queueRows >= 1, "queue-rows", queueRows, "at least 1");
        require(queueBytes >= 1_000_000, "queue-bytes", queueBytes, "at least 1MB");
        require(batchRows >= 1 && batchRows <= 100_000, "batch-rows", batchRows, "from 1 to 100000");
        require(!batchDelay.isNegative() && batchDelay.compareTo(Duration.ofMillis(800)) <= 0, "batch-delay",
                batchDelay, "from 0 to 800ms, since a prediction can be read back within a second");
        require(isPositive(maxWait), "max-wait", maxWait, "more than 0");
        require(maxRowBytes >= 0 && maxRowBytes <= queueBytes / 2, "max-row-bytes", maxRowBytes,
                "from 0 to half of queue-bytes");
        require(isPositive(retention), "retention", retention, "more than 0");
        require(maxBytes >= 1_000_000, "max-bytes", maxBytes, "at least 1MB");
        require(isPositive(shutdownTimeout), "shutdown-timeout", shutdownTimeout, "more than 0");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String property, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "modelyard.requestlog." + property + " is " + value + "; it must be " + allowed);
        }
    }
}
