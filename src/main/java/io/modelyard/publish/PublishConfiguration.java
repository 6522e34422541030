package io.modelyard.publish;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How models that are dropped into the store are published.
 *
 * @param drop whether they are: {@code auto} where the store is a directory
 * @param dropSettle for how long the files of a version must not change before it is published
 * @param dropInterval between two looks
 * @param workDirectory holds copies of the files while they are looked at; {@code modelyard.publish.work-directory}
 */
@ConfigurationProperties("modelyard.publish")
record PublishConfiguration(@Bindable(defaultValue = "AUTO") Drop drop,
        @Bindable(defaultValue = "3s") Duration dropSettle, @Bindable(defaultValue = "2s") Duration dropInterval,
        @Bindable(defaultValue = ".modelyard/publish") Path workDirectory) {
    private static final Duration LEAST = Duration.ofMillis(10);

    enum Drop {
        AUTO, ON, OFF
    }

    /** @throws IllegalArgumentException if a time makes no sense */
    PublishConfiguration {
        if (dropSettle.isNegative()) {
            throw new IllegalArgumentException("modelyard.publish.drop-settle is " + dropSettle
                    + "; it must not be negative");
        }
        if (dropInterval.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("modelyard.publish.drop-interval is " + dropInterval
                    + "; it must be at least 10ms");
        }
    }

    /** @param storeUri {@code modelyard.store.uri} */
    boolean watches(String storeUri) {
        return switch (drop) {
            case ON -> true;
            case OFF -> false;
            // A listing of a bucket costs money each time.
            case AUTO -> !storeUri.contains("://") || storeUri.startsWith("file:");
        };
    }
}
