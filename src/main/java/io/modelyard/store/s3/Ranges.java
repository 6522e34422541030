package io.modelyard.store.s3;

import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks for ranges of objects. */
final class Ranges {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

    private final S3Client client;
    private final S3Location location;

    Ranges(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
    }

    /**
     * The answer to one request.
     *
     * @param from where it begins
     * @param to where it ends, exclusive; never after the end of the object
     * @param size of the whole object
     */
    record Answer(ResponseInputStream<GetObjectResponse> body, long from, long to, long size, String etag) {}

    /**
     * Bytes from {@code from} to before {@code to}, or to the end of the object.
     *
     * @param etag what the object's ETag must be; null where it may be any
     * @throws SdkException as the server refuses; 416 where {@code from} is not in
     *         the object
     * @throws StoreException if the answer is not to what was asked
     */
    Answer get(String key, long from, long to, @Nullable String etag) {
        ResponseInputStream<GetObjectResponse> body = client.getObject(request -> request.bucket(location.bucket())
                .key(location.inBucket(key)).range("bytes=" + from + "-" + (to - 1)).ifMatch(etag));
        try {
            return answer(body, from, to);
        } catch (RuntimeException e) {
            body.abort();
            throw e;
        }
    }

    private static Answer answer(ResponseInputStream<GetObjectResponse> body, long from, long to) {
        GetObjectResponse head = body.response();
        String etag = ETags.bare(head.eTag());
        String range = head.contentRange();
        if (range == null && from == 0) {
            // The whole object, which servers may give at any time.
            return new Answer(body, 0, head.contentLength(), head.contentLength(), etag);
        }
        Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) != from
                || Long.parseLong(matcher.group(2)) >= to) {
            throw new StoreException("asked for bytes " + from + " to " + (to - 1)
                    + ", the server gives " + (range == null ? "the whole object" : "'" + range + "'")
                    + "; it cannot be used", null);
        }
        return new Answer(body, from, Long.parseLong(matcher.group(2)) + 1, Long.parseLong(matcher.group(3)), etag);
    }
}
