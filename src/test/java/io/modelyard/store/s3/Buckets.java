package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import io.modelyard.store.StoreObserver;

import java.net.URI;
import java.time.Duration;

/** Stores on the buckets of tests. */
final class Buckets {
    static final long PART = 5 << 20;

    private Buckets() {}

    static S3Configuration configuration(URI endpoint) {
        return new S3Configuration(endpoint, "us-east-1", null, Duration.ofSeconds(3), Duration.ofSeconds(10),
                Duration.ofSeconds(30), Duration.ofSeconds(90), 4, 64, PART, 64 << 20);
    }

    static S3Store store(TestBucket bucket, String prefix) {
        return store(bucket.endpoint(), "s3://" + bucket.name() + "/" + prefix);
    }

    static S3Store store(URI endpoint, String uri) {
        return new S3Store(S3Location.of(uri), configuration(endpoint), false, StoreObserver.NONE);
    }
}
