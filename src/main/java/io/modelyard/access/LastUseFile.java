package io.modelyard.access;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.registry.DocumentMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;

/** Keeps over a restart when keys were used last. Blocks. */
final class LastUseFile {
    private final Path path;
    private final ObjectMapper mapper = DocumentMapper.create();

    LastUseFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /** Empty where there is none. */
    Map<String, Instant> read() throws IOException {
        try {
            return mapper.readValue(Files.readAllBytes(path), new TypeReference<Map<String, Instant>>() {});
        } catch (NoSuchFileException e) {
            return Map.of();
        }
    }

    /** Writes the whole file in one step. */
    void write(Map<String, Instant> uses) throws IOException {
        Path directory = Files.createDirectories(path.resolveSibling(""));
        Path draft = Files.createTempFile(directory, ".last-use", ".json");
        try {
            Files.write(draft, mapper.writeValueAsBytes(uses));
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
