package io.modelyard.publish;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.ReadableBytes;

/**
 * What may be sent to this server for publication.
 *
 * @param maxBytes of a body, and of the files that are packed in it
 * @param maxFiles that a body may have packed in it
 * @param maxUploads how many may be received or published at a time
 */
@ConfigurationProperties("modelyard.publish")
record ReceiveConfiguration(@ReadableBytes @Bindable(defaultValue = "10GB") long maxBytes,
        @Bindable(defaultValue = "10000") int maxFiles, @Bindable(defaultValue = "2") int maxUploads) {
    static final String MAX_BYTES = "modelyard.publish.max-bytes";

    /** @throws IllegalArgumentException if a number makes no sense */
    ReceiveConfiguration {
        require(maxBytes >= 1, MAX_BYTES, maxBytes);
        require(maxFiles >= 1, "modelyard.publish.max-files", maxFiles);
        require(maxUploads >= 1, "modelyard.publish.max-uploads", maxUploads);
    }

    private static void require(boolean holds, String property, long value) {
        if (!holds) {
            throw new IllegalArgumentException(property + " is " + value + "; it must be at least 1");
        }
    }
}
