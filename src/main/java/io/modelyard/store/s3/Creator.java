package io.modelyard.store.s3;

import io.modelyard.store.ObjectStore.Creation;
import io.modelyard.store.StoreException;
import io.modelyard.store.s3.CreateOnlyProbe.Verdict;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Creates objects that must not be there yet. */
final class Creator {
    /** Files of up to as many parts are sent in one request, which every server that was tried creates atomically. */
    private static final int PARTS_IN_ONE = 4;
    /** How often the server may say that another write of the same key is under way. */
    private static final int CONFLICTS = 20;

    private final S3Client client;
    private final S3Location location;
    private final S3Configuration configuration;
    private final S3Failures failures;
    private final CreateOnlyProbe probe;
    private final Heads heads;
    private final MultipartUpload multipart;

    Creator(S3Client client, S3Location location, S3Configuration configuration, S3Failures failures,
            CreateOnlyProbe probe) {
        this.client = client;
        this.location = location;
        this.configuration = configuration;
        this.failures = failures;
        this.probe = probe;
        this.heads = new Heads(client, location);
        this.multipart = new MultipartUpload(client, location, configuration, heads);
    }

    Creation create(String key, byte[] content) {
        return guarded(key, conditional -> single(key, RequestBody.fromBytes(content), content.length, conditional));
    }

    Creation create(String key, Path file) {
        return guarded(key, conditional -> {
            long size = Files.size(file);
            return size <= PARTS_IN_ONE * configuration.partSize()
                    ? single(key, RequestBody.fromFile(file), size, conditional)
                    : multipart.create(key, file, size, conditional);
        });
    }

    private interface Write {
        Creation run(boolean conditional) throws IOException;
    }

    private Creation guarded(String key, Write write) {
        location.inBucket(key);
        boolean conditional = probe.beforeWriting() != Verdict.IGNORED;
        if (!conditional && !probe.unconditionalAllowed()) {
            throw new StoreException(failures.message(S3Action.CREATE, key, "the server ignores 'If-None-Match: *', so "
                    + "something could be overwritten. " + CreateOnlyProbe.whatToDo()), null);
        }
        try {
            if (!conditional && heads.of(key).isPresent()) {
                return new Creation.Exists();
            }
            return write.run(conditional);
        } catch (SdkException | IOException | UncheckedIOException e) {
            throw failures.of(S3Action.CREATE, key, e);
        }
    }

    private Creation single(String key, RequestBody body, long size, boolean conditional) {
        Map<String, String> mark = Heads.mark();
        PutObjectRequest request = PutObjectRequest.builder().bucket(location.bucket()).key(location.inBucket(key))
                .ifNoneMatch(conditional ? "*" : null).metadata(mark)
                .overrideConfiguration(times -> times.apiCallAttemptTimeout(configuration.attemptTimeout(size))
                        .apiCallTimeout(configuration.totalTimeout(size)))
                .build();
        boolean repeated = false;
        for (int attempt = 1;; attempt++) {
            try {
                return new Creation.Created(ETags.bare(client.putObject(request, body).eTag()));
            } catch (S3Exception e) {
                repeated |= e.numAttempts() == null || e.numAttempts() > 1;
                if (e.statusCode() == 412) {
                    // Where a request was repeated, the answer that was lost may have said that it was created.
                    @Nullable
                    String own = repeated ? heads.etagIfWrittenBy(mark, key) : null;
                    return own == null ? new Creation.Exists() : new Creation.Created(own);
                }
                if (e.statusCode() != 409 || attempt == CONFLICTS) {
                    throw e;
                }
                repeated = true;
                pause(attempt, e);
            }
        }
    }

    static void pause(int attempt, SdkException failure) {
        try {
            Thread.sleep(Jitter.delay(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
