package io.modelyard.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * @param adminKeyFile where the first admin key is written
 * @param keysFile further keys, for a server that may not write to the store; null where there are none
 * @param publicPaths paths, with all below them, that need no key wherever the server is bound
 */
@ConfigurationProperties("modelyard.access")
record AccessConfiguration(Path adminKeyFile, @Nullable Path keysFile,
        @Bindable(defaultValue = "") List<String> publicPaths) {
    AccessConfiguration {
        publicPaths = publicPaths.stream().filter(path -> !path.isBlank()).toList();
        for (String path : publicPaths) {
            if (!path.startsWith("/") || (path.length() > 1 && path.endsWith("/"))) {
                throw new IllegalArgumentException("modelyard.access.public-paths: '" + path
                        + "' is not a path: it starts with a slash and does not end with one");
            }
        }
    }
}
