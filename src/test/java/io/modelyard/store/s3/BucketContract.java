package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStoreContract;
import org.junit.jupiter.api.AfterEach;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The contract on a server of S3; every store is a prefix of its own in one bucket. */
abstract class BucketContract extends ObjectStoreContract {
    private final List<S3Store> stores = new ArrayList<>();

    abstract TestBucket bucket();

    @AfterEach
    final void closeStores() {
        stores.forEach(S3Store::close);
    }

    @Override
    protected final ObjectStore emptyStore() {
        S3Store store = Buckets.store(bucket(), UUID.randomUUID().toString());
        stores.add(store);
        return store;
    }
}
