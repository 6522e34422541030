package io.modelyard.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.TestBucket;
import io.modelyard.TestServer;
import io.modelyard.store.StoreException;
import io.modelyard.store.StoreObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** What is wrong with the configuration or with the server is said by name, with what to do. */
final class S3MessagesTest {
    private final Map<String, @Nullable String> changed = new HashMap<>();

    @AfterEach
    void restore() {
        Map<String, @Nullable String> before = new HashMap<>(changed);
        before.forEach(this::set);
    }

    @ParameterizedTest
    @CsvSource({"endpoint, nowhere", "endpoint, ftp://host", "region, eu central", "connect-timeout, 0s",
            "read-timeout, -1s", "attempt-timeout, 0s", "total-timeout, 1s", "max-attempts, 0", "max-connections, 1",
            "part-size, 1MB", "read-ahead, many"})
    void refusesNonsense(String property, String value) {
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.store.uri", "s3://bucket")
                .with("modelyard.store.s3.region", "us-east-1")
                .with("modelyard.store.s3." + property, value).start())
                .hasStackTraceContaining("modelyard.store.s3." + property);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:bucket", "s3://", "s3://b", "s3:///prefix", "s3://bucket//a", "s3://bucket/../a",
            "s3://user@bucket", "s3://bucket/a/./b"})
    void refusesWhatNamesNoBucket(String uri) {
        assertThatThrownBy(() -> S3Location.of(uri)).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("modelyard.store.uri").hasMessageContaining(uri);
    }

    @Test
    void takesABucketWithOrWithoutAPrefix() {
        assertThat(S3Location.of("s3://my.bucket-1").inBucket("registry/t/1.json")).isEqualTo("registry/t/1.json");
        assertThat(S3Location.of("s3://my.bucket-1/").toString()).isEqualTo("s3://my.bucket-1");
        assertThat(S3Location.of("s3://bucket/a/b/").inBucket("k")).isEqualTo("a/b/k");
        assertThat(S3Location.of("s3://bucket/a/b/").toString()).isEqualTo("s3://bucket/a/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/a", "a/", "a//b", "../x", "a/../b", "./a"})
    void refusesKeysThatServersRewrite(String key) {
        assertThatThrownBy(() -> S3Location.of("s3://bucket/yard").inBucket(key)).isInstanceOf(StoreException.class)
                .hasMessageContaining("is not a key");
    }

    @Test
    void namesTheBucketThatIsMissing() {
        try (TestBucket bucket = TestBucket.start();
                S3Store store = store("s3://no-such-bucket/yard", bucket.endpoint())) {
            assertThatThrownBy(() -> store.list("registry/")).isInstanceOf(StoreException.class)
                    .hasMessageContaining("'no-such-bucket' does not exist")
                    .hasMessageContaining("modelyard.store.uri");
            assertThatThrownBy(() -> store.get("generation")).isInstanceOf(StoreException.class)
                    .hasMessageContaining("'no-such-bucket' does not exist");
        }
    }

    @Test
    void saysThatTheKeysAreWrong() {
        try (TestBucket bucket = TestBucket.start()) {
            set("aws.secretAccessKey", "wrong");
            try (S3Store store = Buckets.store(bucket, "yard")) {
                assertThatThrownBy(() -> store.list("registry/")).isInstanceOf(StoreException.class)
                        .hasMessageContaining("cannot list 'registry/'").hasMessageContaining("403")
                        .hasMessageContaining("secret key");
            } finally {
                restore();
            }
        }
    }

    @Test
    void saysThatThereAreNoCredentials() {
        withoutAws();
        set("aws.accessKeyId", null);
        set("aws.secretAccessKey", null);
        try (S3Store store = store("s3://bucket", URI.create("http://127.0.0.1:9"))) {
            assertThatThrownBy(() -> store.list("registry/")).isInstanceOf(StoreException.class)
                    .hasMessageContaining("no credentials").hasMessageContaining("AWS_ACCESS_KEY_ID");
        }
    }

    @Test
    void saysThatThereIsNoRegion() {
        withoutAws();
        assertThatThrownBy(() -> TestServer.prepare().with("modelyard.store.uri", "s3://bucket").start())
                .hasStackTraceContaining("modelyard.store.s3.region").hasStackTraceContaining("AWS_REGION");
    }

    @Test
    void saysThatNothingListens() throws IOException {
        URI closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        set("aws.accessKeyId", TestBucket.ACCESS_KEY);
        set("aws.secretAccessKey", TestBucket.SECRET_KEY);
        try (S3Store store = new S3Store(S3Location.of("s3://bucket"), Buckets.impatient(closed), false,
                StoreObserver.NONE)) {
            assertThatThrownBy(() -> store.get("generation")).isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot read 'generation' in s3://bucket at " + closed)
                    .hasMessageContaining("no connection");
        }
    }

    private static S3Store store(String uri, URI endpoint) {
        return new S3Store(S3Location.of(uri), Buckets.configuration(endpoint), false, StoreObserver.NONE);
    }

    /** So that nothing of the machine that the tests run on is found. */
    private void withoutAws() {
        set("aws.disableEc2Metadata", "true");
        set("aws.configFile", "/dev/null");
        set("aws.sharedCredentialsFile", "/dev/null");
    }

    private void set(String name, @Nullable String value) {
        if (!changed.containsKey(name)) {
            changed.put(name, System.getProperty(name));
        }
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }
}
