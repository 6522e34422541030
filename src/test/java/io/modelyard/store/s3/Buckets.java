package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import io.modelyard.store.StoreObserver;

import java.net.URI;
import java.time.Duration;

/** Stores on the buckets of tests. */
final class Buckets {
    /** The size of their parts. */
    static final int PART = 5 << 20;

    private Buckets() {}

    static S3Configuration configuration(URI endpoint) {
        return configuration(endpoint, 8);
    }

    static S3Configuration configuration(URI endpoint, int partsAhead) {
        return new S3Configuration(endpoint, "us-east-1", null, Duration.ofSeconds(3), Duration.ofSeconds(10),
                Duration.ofSeconds(30), Duration.ofSeconds(90), 4, 64, PART, (long) partsAhead * PART);
    }

    /** For wires that fail: gives up soon. */
    static S3Configuration impatient(URI endpoint) {
        return new S3Configuration(endpoint, "us-east-1", null, Duration.ofSeconds(1), Duration.ofMillis(300),
                Duration.ofSeconds(1), Duration.ofSeconds(6), 3, 64, PART, 4 * PART);
    }

    static S3Store store(TestBucket bucket, String prefix) {
        return store(bucket, prefix, configuration(bucket.endpoint()));
    }

    static S3Store store(TestBucket bucket, String prefix, S3Configuration configuration) {
        return store(bucket, prefix, configuration, StoreObserver.NONE);
    }

    static S3Store store(TestBucket bucket, String prefix, S3Configuration configuration, StoreObserver observer) {
        return new S3Store(S3Location.of("s3://" + bucket.name() + "/" + prefix), configuration, false, observer);
    }
}
