package io.modelyard.trial;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The verdicts on disk, one small file each, named by a hash of what was tried. A file that cannot be read is none. The least
 * recently used are removed when there are too many. Safe for use by many threads and processes.
 */
final class VerdictFiles {
    private static final Logger LOG = LoggerFactory.getLogger(VerdictFiles.class);
    private static final JsonMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private static final String ENDING = ".json";

    private final Path folder;
    private final int most;

    /** @param most verdicts that are kept */
    VerdictFiles(Path folder, int most) {
        this.folder = folder;
        this.most = most;
    }

    Optional<Verdict> read(String key) {
        Path file = file(key);
        try {
            Verdict verdict = JSON.readValue(Files.readAllBytes(file), Verdict.class);
            if (verdict.library() == null || verdict.at() == null) {
                throw new IOException("it is not whole");
            }
            touch(file);
            return Optional.of(verdict);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} is no verdict and is made anew: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** Where the disk refuses, the model is tried again the next time. */
    void write(String key, Verdict verdict) {
        try {
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, ".verdict", ".part");
            Files.write(whole, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(verdict));
            Files.move(whole, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            removeUnused();
        } catch (IOException e) {
            LOG.warn("The verdict on {} cannot be kept in {}: {}", verdict.model(), folder, e.toString());
        }
    }

    /** Whether there was one. */
    boolean remove(String key) {
        try {
            return Files.deleteIfExists(file(key));
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file(key), e.toString());
            return false;
        }
    }

    private void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("{} may be removed before its time", file, e);
        }
    }

    private void removeUnused() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        if (files.size() > most) {
            Map<Path, FileTime> used = new HashMap<>();
            for (Path file : files) {
                used.put(file, Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0));
            }
            List<Path> oldest = files.stream().sorted(Comparator.comparing(used::get)).limit(files.size() - most)
                    .toList();
            for (Path file : oldest) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Path file(String key) {
        return folder.resolve(key + ENDING);
    }
}
