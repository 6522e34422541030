package io.modelyard.store.s3;

import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Page;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;

/**
 * Lists keys. An answer that broke off is never taken for a short or an empty one: it is asked for again, which the client
 * does only as long as no answer has begun.
 */
final class Listing {
    private final S3Client client;
    private final S3Location location;
    private final int attempts;

    Listing(S3Client client, S3Location location, int attempts) {
        this.client = client;
        this.location = location;
        this.attempts = attempts;
    }

    /** @throws SdkException if the server refuses or fails, or if no answer came whole */
    Page page(String prefix, String startAfter) {
        String token = null;
        while (true) {
            ListObjectsV2Response answer = whole(prefix, startAfter, token);
            // Keys that end with a slash are the folders of other tools, and hold nothing.
            List<Entry> entries = answer.contents().stream().filter(object -> !object.key().endsWith("/"))
                    .map(this::entry).toList();
            if (!answer.isTruncated() || !entries.isEmpty()) {
                return new Page(entries, !answer.isTruncated());
            }
            token = answer.nextContinuationToken();
            if (token == null) {
                throw SdkClientException.create("the server says that there is more, and not how to get it");
            }
        }
    }

    private ListObjectsV2Response whole(String prefix, String startAfter, @Nullable String token) {
        for (int attempt = 1;; attempt++) {
            SdkException failure;
            try {
                ListObjectsV2Response answer = client.listObjectsV2(request -> request.bucket(location.bucket())
                        .prefix(location.prefix() + prefix)
                        .startAfter(startAfter.isEmpty() ? null : location.prefix() + startAfter)
                        .continuationToken(token).encodingType(EncodingType.URL));
                if (isWhole(answer)) {
                    return answer;
                }
                failure = SdkClientException.create("the answer is no listing of the bucket");
            } catch (UncheckedIOException e) {
                failure = SdkClientException.create("the connection broke", e);
            } catch (SdkClientException e) {
                if (!(e.getCause() instanceof XMLStreamException)) {
                    throw e;
                }
                failure = e;
            }
            if (attempt == attempts) {
                throw failure;
            }
            Creator.pause(attempt, failure);
        }
    }

    private boolean isWhole(ListObjectsV2Response answer) {
        return answer.isTruncated() != null && answer.contents().stream().allMatch(object -> object.key() != null
                && object.key().startsWith(location.prefix()) && object.size() != null && object.eTag() != null
                && object.lastModified() != null);
    }

    private Entry entry(S3Object object) {
        return new Entry(location.inStore(object.key()), Objects.requireNonNull(object.size()),
                ETags.bare(object.eTag()), object.lastModified());
    }
}
