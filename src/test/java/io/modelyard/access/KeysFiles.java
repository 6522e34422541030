package io.modelyard.access;

import io.modelyard.registry.DocumentFormat;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Files of keys for tests. */
final class KeysFiles {
    private KeysFiles() {}

    static KeysFile none() {
        return at(null, Instant::now);
    }

    static KeysFile at(@Nullable Path path, InstantSource clock) {
        return new KeysFile(configuration(path), new DocumentFormat(), clock);
    }

    static AccessConfiguration configuration(@Nullable Path keysFile) {
        return new AccessConfiguration(Path.of("admin.key"), keysFile, Path.of("last-use.json"), 3,
                Duration.ofMinutes(1), List.of());
    }
}
