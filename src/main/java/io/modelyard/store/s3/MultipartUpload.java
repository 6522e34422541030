package io.modelyard.store.s3;

import io.modelyard.store.ObjectStore.Creation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Creates an object from a large file in parts that are sent side by side, straight from the file. Nothing is visible
 * before all are there; what fails is taken back.
 *
 * <p>
 * Not every server refuses to complete over an object that is there (Ceph does not), so it is looked right before. Whoever
 * must not race writes under a key of its own, as publishers do.
 */
final class MultipartUpload {
    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
    /** The most parts of an object, by the API. */
    private static final int MOST_PARTS = 10_000;
    /** Parts of one upload that are sent at once. */
    private static final int AT_ONCE = 4;
    /** How often all is sent anew because another write of the same key was under way. */
    private static final int CONFLICTS = 3;

    private final S3Client client;
    private final S3Location location;
    private final S3Configuration configuration;
    private final Heads heads;

    MultipartUpload(S3Client client, S3Location location, S3Configuration configuration, Heads heads) {
        this.client = client;
        this.location = location;
        this.configuration = configuration;
        this.heads = heads;
    }

    /** @throws SdkException if the server refuses or fails */
    Creation create(String key, Path file, long size, boolean conditional) {
        for (int attempt = 1;; attempt++) {
            if (heads.ifAllowed(key).isPresent()) {
                return new Creation.Exists();
            }
            try {
                return once(key, file, size, conditional);
            } catch (S3Exception e) {
                if (e.statusCode() != 409 || attempt == CONFLICTS) {
                    throw e;
                }
                Creator.pause(attempt, e);
            }
        }
    }

    private Creation once(String key, Path file, long size, boolean conditional) {
        Map<String, String> mark = Heads.mark();
        String full = location.inBucket(key);
        String upload = client.createMultipartUpload(request -> request.bucket(location.bucket()).key(full)
                .metadata(mark)).uploadId();
        if (upload == null) {
            throw SdkClientException.create("the answer to the beginning of an upload broke off");
        }
        @Nullable
        String etag = null;
        try {
            List<CompletedPart> parts = send(full, upload, file, size);
            if (heads.ifAllowed(key).isPresent()) {
                return new Creation.Exists();
            }
            try {
                etag = client.completeMultipartUpload(request -> request.bucket(location.bucket()).key(full)
                        .uploadId(upload).ifNoneMatch(conditional ? "*" : null)
                        .multipartUpload(all -> all.parts(parts))).eTag();
            } catch (S3Exception e) {
                // So a repeated request is answered too, after one whose answer was lost.
                if (e.statusCode() != 412 && e.statusCode() != 404) {
                    throw e;
                }
                etag = heads.etagIfWrittenBy(mark, key);
                if (etag == null && e.statusCode() == 412) {
                    return new Creation.Exists();
                }
            } catch (UncheckedIOException brokenOff) {
                LOG.debug("The answer to the end of the upload of {} broke off", key, brokenOff);
            }
            // Ceph's answer has no ETag.
            etag = etag == null || etag.isEmpty() ? heads.etagIfWrittenBy(mark, key) : ETags.bare(etag);
            if (etag == null) {
                throw SdkClientException.create("the parts were sent, and the server did not make an object of them");
            }
            return new Creation.Created(etag);
        } finally {
            if (etag == null) {
                abort(full, upload);
            }
        }
    }

    private List<CompletedPart> send(String key, String upload, Path file, long size) {
        long partSize = Math.max(configuration.partSize(), (size + MOST_PARTS - 1) / MOST_PARTS);
        Semaphore slots = new Semaphore(AT_ONCE);
        List<Future<CompletedPart>> sent = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                int number = 1;
                for (long from = 0; from < size; from += partSize, number++) {
                    long start = from;
                    int part = number;
                    long length = Math.min(partSize, size - from);
                    slots.acquire();
                    if (sent.stream().anyMatch(each -> each.state() == Future.State.FAILED)) {
                        break;
                    }
                    sent.add(threads.submit(() -> {
                        try {
                            return send(key, upload, part, file, start, length);
                        } finally {
                            slots.release();
                        }
                    }));
                }
                List<CompletedPart> parts = new ArrayList<>();
                for (Future<CompletedPart> each : sent) {
                    parts.add(each.get());
                }
                return parts;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SdkException refused) {
                    throw refused;
                }
                throw SdkClientException.create("a part of " + file + " could not be sent", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SdkClientException.create("interrupted while sending " + file, e);
            } finally {
                sent.forEach(each -> each.cancel(true));
            }
        }
    }

    private CompletedPart send(String key, String upload, int number, Path file, long from, long length)
            throws IOException {
        try (FilePart content = new FilePart(file, from, length)) {
            UploadPartResponse answer = client.uploadPart(request -> request.bucket(location.bucket()).key(key)
                    .uploadId(upload).partNumber(number).contentLength(length)
                    .overrideConfiguration(times -> times.apiCallAttemptTimeout(configuration.attemptTimeout(length))
                            .apiCallTimeout(configuration.totalTimeout(length))),
                    RequestBody.fromContentProvider(content, length, "application/octet-stream"));
            return CompletedPart.builder().partNumber(number).eTag(answer.eTag())
                    .checksumCRC32(answer.checksumCRC32()).build();
        }
    }

    private void abort(String key, String upload) {
        // An interrupt ends the upload, and not the taking back of what it left.
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(request -> request.bucket(location.bucket()).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn("The unfinished upload of {} to {} stays until a rule of the bucket removes it: {}", key, location,
                    e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
