package io.modelyard.store.s3;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is known of an object without its content, and whose write made it. */
final class Heads {
    /** Tells a writer whose answer was lost that the object is its own. */
    private static final String WRITE = "modelyard-write";

    private final S3Client client;
    private final S3Location location;

    Heads(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
    }

    /** Metadata that no other write has. */
    static Map<String, String> mark() {
        return Map.of(WRITE, UUID.randomUUID().toString());
    }

    /** @throws SdkException if the server refuses */
    Optional<HeadObjectResponse> of(String key) {
        try {
            return Optional.of(client.headObject(request -> request.bucket(location.bucket())
                    .key(location.inBucket(key))));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** As {@link #of}; empty too where the credentials may write but not look. */
    Optional<HeadObjectResponse> ifAllowed(String key) {
        try {
            return of(key);
        } catch (S3Exception e) {
            if (e.statusCode() == 403) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The ETag of the object if the write with this mark made it; null if not, or if it is not to be known. */
    @Nullable
    String etagIfWrittenBy(Map<String, String> mark, String key) {
        return ifAllowed(key).filter(head -> mark.get(WRITE) != null
                && mark.get(WRITE).equals(head.metadata().get(WRITE))).map(head -> ETags.bare(head.eTag()))
                .orElse(null);
    }
}
