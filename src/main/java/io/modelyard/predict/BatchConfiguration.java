package io.modelyard.predict;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;

/** @param maxBatchSize the most items of one batch that are in work at once */
@ConfigurationProperties("modelyard.serving")
record BatchConfiguration(@Bindable(defaultValue = "32") int maxBatchSize) {
    BatchConfiguration {
        if (maxBatchSize < 1) {
            throw new ConfigurationException(
                    "modelyard.serving.max-batch-size is " + maxBatchSize + "; it must be 1 or more");
        }
    }
}
