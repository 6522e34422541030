package io.modelyard.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;

/** Keeps local overrides on disk, because a server in trouble is restarted. For one thread at a time. */
final class LocalOverrideFile {
    private static final Logger LOG = LoggerFactory.getLogger(LocalOverrideFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final Path file;

    LocalOverrideFile(Path file) {
        this.file = file;
    }

    /** None where there is no file, or none that can be read. */
    List<LocalOverride> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return List.of(JSON.readValue(file.toFile(), LocalOverride[].class));
        } catch (IOException e) {
            LOG.error("The local overrides in {} cannot be read and are not in force: {}", file, e.toString());
            return List.of();
        }
    }

    /** Where the disk refuses, they hold until the server ends. */
    void write(Collection<LocalOverride> overrides) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, ".local-overrides", ".json");
            Files.writeString(whole, text(overrides));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.error("The local overrides cannot be kept in {} and will not outlive this process: {}", file,
                    e.toString());
        }
    }

    private static String text(Collection<LocalOverride> overrides) throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(overrides) + "\n";
    }
}
