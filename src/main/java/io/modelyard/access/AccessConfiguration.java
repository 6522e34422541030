package io.modelyard.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * @param adminKeyFile where the first admin key is written
 * @param keysFile further keys, for a server that may not write to the store; null where there are none
 * @param lastUseFile where it is kept when keys were used last
 * @param failedAttempts so many keys that are not valid may come from one address in a minute
 * @param failedAttemptsPause for how long such keys are refused unseen after that
 * @param publicPaths paths, with all below them, that need no key wherever the server is bound
 */
@ConfigurationProperties("modelyard.access")
record AccessConfiguration(Path adminKeyFile, @Nullable Path keysFile, Path lastUseFile,
        @Bindable(defaultValue = "20") int failedAttempts,
        @Bindable(defaultValue = "1m") Duration failedAttemptsPause,
        @Bindable(defaultValue = "") List<String> publicPaths) {
    AccessConfiguration {
        if (failedAttempts < 1) {
            throw new IllegalArgumentException("modelyard.access.failed-attempts is " + failedAttempts
                    + "; it must be at least 1");
        }
        if (failedAttemptsPause.isNegative() || failedAttemptsPause.isZero()) {
            throw new IllegalArgumentException("modelyard.access.failed-attempts-pause is " + failedAttemptsPause
                    + "; it must be above zero");
        }
        publicPaths = publicPaths.stream().filter(path -> !path.isBlank()).toList();
        for (String path : publicPaths) {
            if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
                throw new IllegalArgumentException("modelyard.access.public-paths: '" + path
                        + "' is not a path: it starts with a slash and does not end with one");
            }
        }
    }
}
