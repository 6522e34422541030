package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A bucket keeps the contract. */
final class S3StoreTest extends BucketContract {
    private static TestBucket bucket;

    @BeforeAll
    static void start() {
        bucket = TestBucket.start();
    }

    @AfterAll
    static void stop() {
        bucket.close();
    }

    @Override
    TestBucket bucket() {
        return bucket;
    }
}
