package io.modelyard.store.s3;

import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;

/** ETags as they are kept: some servers know their own only without the quotes that HTTP puts around them. */
final class ETags {
    private ETags() {}

    /** @throws StoreException if the server gave none, so that content could not be told from other content */
    static String bare(@Nullable String etag) {
        if (etag == null || etag.isEmpty()) {
            throw new StoreException("the server gives no ETag, so it cannot be used", null);
        }
        return etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\"")
                ? etag.substring(1, etag.length() - 1)
                : etag;
    }
}
