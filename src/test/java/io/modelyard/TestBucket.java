package io.modelyard;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A bucket of its own on an S3 server in this JVM, or on the one that {@code -Dmodelyard.test.s3.endpoint} names (then
 * credentials come from where the AWS SDK looks for them, and the region from {@code modelyard.test.s3.region}). All that
 * tests know about the server is in this class.
 */
public final class TestBucket implements AutoCloseable {
    /** The only credentials that the server in this JVM takes. */
    public static final String ACCESS_KEY = "modelyard-test";
    public static final String SECRET_KEY = "modelyard-test-secret";
    private static final @Nullable String EXTERNAL = System.getProperty("modelyard.test.s3.endpoint");
    private static final String REGION = System.getProperty("modelyard.test.s3.region", "us-east-1");
    /** Above this size S3Proxy cuts a single PUT. */
    private static final long LARGEST_PUT = 1L << 30;

    private final @Nullable S3Proxy server;
    private final URI endpoint;
    private final S3Client client;
    private boolean stopped;
    private final String bucket = "modelyard-" + UUID.randomUUID();

    private TestBucket(@Nullable S3Proxy server, URI endpoint) {
        this.server = server;
        this.endpoint = endpoint;
        this.client = S3Client.builder().endpointOverride(endpoint).region(Region.of(REGION))
                .serviceConfiguration(s3 -> s3.pathStyleAccessEnabled(true).chunkedEncodingEnabled(false))
                .httpClientBuilder(Apache5HttpClient.builder()).build();
        client.createBucket(request -> request.bucket(bucket));
    }

    /** An empty bucket. */
    public static TestBucket start() {
        if (EXTERNAL != null) {
            return new TestBucket(null, URI.create(EXTERNAL));
        }
        credentials();
        try {
            S3Proxy server = S3Proxy.builder().blobStore(BlobStores.create("transient-nio2", new Properties()))
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                    .v4MaxNonChunkedRequestSize(LARGEST_PUT).build();
            server.start();
            return new TestBucket(server, URI.create("http://127.0.0.1:" + server.getPort()));
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server of the tests did not start", e);
        }
    }

    /** An empty bucket on a server that runs, and that takes the credentials of the tests. */
    public static TestBucket on(URI endpoint) {
        credentials();
        return new TestBucket(null, endpoint);
    }

    /** Puts credentials where the standard chain looks first, for the servers under test too. */
    private static void credentials() {
        System.setProperty("aws.accessKeyId", ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
    }

    public URI endpoint() {
        return endpoint;
    }

    public String name() {
        return bucket;
    }

    /** For {@code modelyard.store.uri}. */
    public String uri() {
        return "s3://" + bucket + "/yard";
    }

    /** What a server is given so that this bucket is its store. */
    public Map<String, Object> properties() {
        return properties(endpoint);
    }

    /** As {@link #properties()}, by way of something that stands between. */
    public Map<String, Object> properties(URI endpoint) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("modelyard.store.uri", uri());
        properties.put("modelyard.store.s3.endpoint", endpoint.toString());
        properties.put("modelyard.store.s3.region", REGION);
        return properties;
    }

    /** A plain client, to do and to look at things without Modelyard. */
    public S3Client client() {
        return client;
    }

    /** Writes an object with a plain PUT; the key is the store's, without its prefix. */
    public void put(String key, byte[] content) {
        client.putObject(request -> request.bucket(bucket).key("yard/" + key), RequestBody.fromBytes(content));
    }

    public byte[] get(String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key("yard/" + key)).asByteArray();
    }

    public void delete(String key) {
        client.deleteObject(request -> request.bucket(bucket).key("yard/" + key));
    }

    /** All keys of the store that start with this. */
    public List<String> keys(String prefix) {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket).prefix("yard/" + prefix)).contents()
                .stream().map(S3Object::key).map(key -> key.substring("yard/".length())).toList();
    }

    /** Writes all files of a folder that is laid out as a store, manifests last, as a pipeline does. */
    public void upload(Path store) {
        try (Stream<Path> all = Files.walk(store)) {
            List<String> keys = all.filter(Files::isRegularFile).map(store::relativize)
                    .map(path -> path.toString().replace('\\', '/'))
                    .sorted(Comparator.comparing((String key) -> key.startsWith("registry/"))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
            for (String key : keys) {
                put(key, Files.readAllBytes(store.resolve(key)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server in this JVM, as if the store were gone; may be called before {@link #close}. */
    public void stop() {
        try {
            if (server != null && !stopped) {
                stopped = true;
                server.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server of the tests could not be stopped", e);
        }
    }

    /** Ends the server; a bucket on a server of somebody's choice is emptied and deleted. */
    @Override
    public void close() {
        try {
            if (server == null) {
                client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents()
                        .forEach(object -> client.deleteObject(request -> request.bucket(bucket).key(object.key())));
                client.deleteBucket(request -> request.bucket(bucket));
            } else {
                stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the bucket of the tests could not be closed", e);
        } finally {
            client.close();
        }
    }
}
