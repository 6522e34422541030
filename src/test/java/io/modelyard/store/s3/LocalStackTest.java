package io.modelyard.store.s3;

import io.modelyard.TestBucket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** The contract on LocalStack; skipped, and reported so, where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
final class LocalStackTest extends BucketContract {
    @Container
    private static final LocalStackContainer SERVER = new LocalStackContainer(
            DockerImageName.parse("localstack/localstack:4.0")).withServices("s3");

    private static TestBucket bucket;

    @BeforeAll
    static void start() {
        bucket = TestBucket.on(SERVER.getEndpoint());
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
