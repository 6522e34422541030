package io.modelyard.store.s3;

import software.amazon.awssdk.retries.api.BackoffStrategy;

import java.time.Duration;

/** How long to wait before something is tried again, at random so that those who failed together do not meet again. */
final class Jitter {
    private static final BackoffStrategy BACKOFF = BackoffStrategy.exponentialDelay(Duration.ofMillis(50),
            Duration.ofSeconds(2));

    private Jitter() {}

    /** @param attempt 1 before the second attempt */
    static Duration delay(int attempt) {
        return BACKOFF.computeDelay(attempt);
    }
}
