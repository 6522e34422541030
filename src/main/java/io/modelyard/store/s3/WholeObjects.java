package io.modelyard.store.s3;

import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Content;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Reads small objects as a whole. Most ETags are the MD5 of the content, so that bytes that were changed on the way are
 * noticed also where the server sends no checksum; where they are not, two equal answers count.
 */
final class WholeObjects {
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");
    /** How often an object is read until two answers are the same. */
    private static final int READS = 4;

    private final S3Client client;
    private final S3Location location;
    /** Whether an ETag was seen that looks like a digest of the content and is none, as encrypting servers make them. */
    private volatile boolean etagsAreNone;

    WholeObjects(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
    }

    /**
     * @param etag that the object does not have if it is to be read; null where it may have any
     * @throws SdkException if the server refuses or fails
     */
    Changed read(String key, @Nullable String etag) {
        Content last = null;
        for (int read = 0; read < READS; read++) {
            Content content;
            try {
                content = once(key, etag);
            } catch (NoSuchKeyException e) {
                return new Changed.Absent();
            } catch (S3Exception e) {
                if (e.statusCode() == 304 && etag != null) {
                    return new Changed.NotModified();
                }
                throw e;
            }
            if (etagsAreNone || !MD5.matcher(content.etag()).matches() || content.etag().equals(md5(content.bytes()))) {
                return new Changed.Found(content);
            }
            if (last != null && last.etag().equals(content.etag())
                    && MessageDigest.isEqual(last.bytes(), content.bytes())) {
                etagsAreNone = true;
                return new Changed.Found(content);
            }
            last = content;
        }
        throw SdkClientException.create("the content is another each time it is read; is the network damaged?");
    }

    private Content once(String key, @Nullable String etag) {
        ResponseBytes<GetObjectResponse> answer = client.getObjectAsBytes(request -> request.bucket(location.bucket())
                .key(location.inBucket(key)).ifNoneMatch(etag));
        return new Content(answer.asByteArrayUnsafe(), ETags.bare(answer.response().eTag()));
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
