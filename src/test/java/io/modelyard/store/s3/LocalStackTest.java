package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The contract on LocalStack; skipped, and reported so, where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
final class LocalStackTest extends ObjectStoreContract {
    @Container
    private static final LocalStackContainer SERVER = new LocalStackContainer(
            DockerImageName.parse("localstack/localstack:4.0")).withServices("s3");

    private static TestBucket bucket;
    private final List<S3Store> stores = new ArrayList<>();

    @BeforeAll
    static void start() {
        bucket = TestBucket.on(SERVER.getEndpoint());
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
