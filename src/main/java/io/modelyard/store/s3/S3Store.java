package io.modelyard.store.s3;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreObserver;
import io.modelyard.store.s3.Ranges.Answer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An object store that is a bucket, or what is below a prefix in it. Every method ends within the configured times; what
 * may pass (5xx, slow down, broken connections) is repeated by the client, with jitter. Safe for use by many threads.
 */
final class S3Store implements ObjectStore, AutoCloseable {
    private final S3Location location;
    private final S3Configuration configuration;
    private final S3Failures failures;
    private final SdkHttpClient connections;
    private final S3Client client;
    private final CreateOnlyProbe probe;
    private final Creator creator;
    private final Listing listing;
    private final WholeObjects objects;
    private final Heads heads;
    private final Ranges ranges;
    private final ReadAhead readAhead;

    /** @param unconditionalAllowed whether to write also where the server cannot refuse to overwrite */
    S3Store(S3Location location, S3Configuration configuration, boolean unconditionalAllowed, StoreObserver observer) {
        this.location = location;
        this.configuration = configuration;
        this.failures = new S3Failures(location, configuration);
        this.connections = S3Clients.connections(configuration, observer);
        this.client = S3Clients.client(configuration, connections);
        this.probe = new CreateOnlyProbe(client, location, failures, unconditionalAllowed);
        this.creator = new Creator(client, location, configuration, failures, probe);
        this.listing = new Listing(client, location, configuration.maxAttempts());
        this.objects = new WholeObjects(client, location);
        this.heads = new Heads(client, location);
        this.ranges = new Ranges(client, location);
        this.readAhead = new ReadAhead(configuration.partsAhead());
    }

    @Override
    public Page page(String prefix, String startAfter) {
        try {
            return listing.page(prefix, startAfter);
        } catch (SdkException e) {
            throw failures.of(S3Action.LIST, prefix, e);
        }
    }

    @Override
    public Optional<Content> get(String key) {
        return read(key, null) instanceof Changed.Found found ? Optional.of(found.content()) : Optional.empty();
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        return read(key, etag);
    }

    private Changed read(String key, @Nullable String etag) {
        location.inBucket(key);
        try {
            return objects.read(key, etag);
        } catch (SdkException e) {
            throw failures.of(S3Action.READ, key, e);
        }
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        location.inBucket(key);
        try {
            Answer answer = ranges.get(key, offset, offset + configuration.partSize(), etag);
            return new Opening.Found(new RangedStream(ranges, readAhead, configuration, key, answer), answer.etag());
        } catch (NoSuchKeyException e) {
            return new Opening.Absent();
        } catch (S3Exception e) {
            return switch (e.statusCode()) {
                case 412 -> new Opening.Replaced();
                case 416 -> atTheEnd(key, offset, etag);
                default -> throw failures.of(S3Action.READ, key, e);
            };
        } catch (SdkException e) {
            throw failures.of(S3Action.READ, key, e);
        }
    }

    private Opening atTheEnd(String key, long offset, @Nullable String etag) {
        try {
            HeadObjectResponse head = heads.of(key).orElse(null);
            if (head == null) {
                return new Opening.Absent();
            }
            String found = ETags.bare(head.eTag());
            if (etag != null && !etag.equals(found)) {
                return new Opening.Replaced();
            }
            if (head.contentLength() > offset) {
                // It became larger since: what was asked for is there now.
                return open(key, offset, found);
            }
            return new Opening.Found(InputStream.nullInputStream(), found);
        } catch (SdkException e) {
            throw failures.of(S3Action.READ, key, e);
        }
    }

    @Override
    public Creation create(String key, byte[] content) {
        return creator.create(key, content);
    }

    @Override
    public Creation create(String key, Path file) {
        return creator.create(key, file);
    }

    @Override
    public String put(String key, byte[] content) {
        String full = location.inBucket(key);
        try {
            return ETags.bare(client.putObject(request -> request.bucket(location.bucket()).key(full),
                    RequestBody.fromBytes(content)).eTag());
        } catch (SdkException e) {
            throw failures.of(S3Action.WRITE, key, e);
        }
    }

    @Override
    public void delete(String key) {
        String full = location.inBucket(key);
        try {
            client.deleteObject(request -> request.bucket(location.bucket()).key(full));
        } catch (SdkException e) {
            throw failures.of(S3Action.DELETE, key, e);
        }
    }

    @Override
    public String location() {
        return location.toString();
    }

    CreateOnlyProbe probe() {
        return probe;
    }

    /** How many more parts could be read ahead, by all streams together. */
    int partsFree() {
        return readAhead.free();
    }

    @Override
    public void close() {
        readAhead.close();
        client.close();
        connections.close();
    }
}
