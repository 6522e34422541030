package io.modelyard.artifact;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How verified copies of artifact files are kept on local disk.
 *
 * @param directory where they are kept, by one process only; on a disk of its own if it can be had
 * @param maxBytes the bytes that they may take, by default 80 % of what the disk has for them at start
 * @param concurrentDownloads files that are fetched at the same time
 * @param downloadRetry how long a download that broke off waits before it goes on, doubled after every further failure
 * @param verifyInterval after what time a file is read again to see whether it still is what it was; 0 for never
 * @param verifyRate bytes a second that are read for that
 */
@ConfigurationProperties("modelyard.artifact")
record ArtifactConfiguration(Path directory, @Nullable @ReadableBytes Long maxBytes,
        @Bindable(defaultValue = "4") int concurrentDownloads,
        @Bindable(defaultValue = "200ms") Duration downloadRetry,
        @Bindable(defaultValue = "24h") Duration verifyInterval,
        @ReadableBytes @Bindable(defaultValue = "32MB") long verifyRate) {
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException if a value makes no sense */
    ArtifactConfiguration {
        require(maxBytes == null || maxBytes >= 1_000_000, "max-bytes", maxBytes, "at least 1MB");
        require(concurrentDownloads >= 1 && concurrentDownloads <= 64, "concurrent-downloads", concurrentDownloads,
                "from 1 to 64");
        require(downloadRetry.isPositive() && downloadRetry.compareTo(LONGEST_RETRY) <= 0, "download-retry",
                downloadRetry, "more than 0 and at most 1m");
        require(!verifyInterval.isNegative(), "verify-interval", verifyInterval, "0 for never, or more");
        require(verifyRate >= 1_000_000, "verify-rate", verifyRate, "at least 1MB");
    }

    OptionalLong limit() {
        return maxBytes == null ? OptionalLong.empty() : OptionalLong.of(maxBytes);
    }

    private static void require(boolean holds, String property, @Nullable Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "modelyard.artifact." + property + " is " + value + "; it must be " + allowed);
        }
    }
}
