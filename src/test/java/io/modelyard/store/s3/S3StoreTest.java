package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A bucket keeps the contract. */
final class S3StoreTest extends ObjectStoreContract {
    private static TestBucket bucket;
    private final List<S3Store> stores = new ArrayList<>();

    @BeforeAll
    static void start() {
        bucket = TestBucket.start();
    }

    @AfterAll
    static void stop() {
        bucket.close();
    }

    @AfterEach
    void close() {
        stores.forEach(S3Store::close);
    }

    @Override
    protected ObjectStore emptyStore() {
        S3Store store = Buckets.store(bucket, UUID.randomUUID().toString());
        stores.add(store);
        return store;
    }
}
