package io.modelyard.openapi;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How much {@code /openapi.json} holds; {@code /openapi/{type}.json} has every type.
 *
 * @param maxTypes the most types that have a path of their own
 * @param maxBytes no further type is added once these are this large together
 */
@ConfigurationProperties("modelyard.openapi")
record OpenApiConfiguration(@Bindable(defaultValue = "200") int maxTypes,
        @Bindable(defaultValue = "4194304") int maxBytes) {
    OpenApiConfiguration {
        if (maxTypes < 0) {
            throw new IllegalArgumentException("modelyard.openapi.max-types is " + maxTypes
                    + "; it must be 0 (none) or more");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("modelyard.openapi.max-bytes is " + maxBytes
                    + "; it must be at least 1");
        }
    }
}
