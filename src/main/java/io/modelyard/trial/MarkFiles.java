package io.modelyard.trial;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.modelyard.artifact.Durably;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The marks on disk. {@code loading/} has one for every load that is under way, locked by its process: the operating system
 * takes the lock from the dead, and process ids are the same in every container. {@code quarantine/} has those whose process
 * died.
 */
final class MarkFiles {
    private static final Logger LOG = LoggerFactory.getLogger(MarkFiles.class);
    private static final JsonMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private static final String ENDING = ".json";

    private final Path loading;
    private final Path quarantine;

    MarkFiles(Path folder) {
        this.loading = folder.resolve("loading");
        this.quarantine = folder.resolve("quarantine");
    }

    /** A mark that stands until it is closed. */
    record Standing(Path file, FileChannel channel) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
            channel.close();
        }
    }

    /** Sets a mark that is there after a loss of power, too. */
    Standing set(LoadMark mark) throws IOException {
        Files.createDirectories(loading);
        String name = mark.digest() + "-" + UUID.randomUUID();
        Path part = loading.resolve(name + ".part");
        FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            FileLock _ = channel.lock();
            ByteBuffer rest = ByteBuffer.wrap(JSON.writeValueAsBytes(mark));
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
            Path file = loading.resolve(name + ENDING);
            Durably.move(part, file);
            return new Standing(file, channel);
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /** The marks of processes that died while they loaded a model; each is told once. */
    List<LoadMark> takeThoseOfTheDead() throws IOException {
        List<LoadMark> dead = new ArrayList<>();
        for (Path file : files(loading)) {
            if (isOfTheDead(file)) {
                if (file.toString().endsWith(ENDING)) {
                    read(file, dead);
                }
                Files.deleteIfExists(file);
            }
        }
        return dead;
    }

    List<LoadMark> quarantined() throws IOException {
        List<LoadMark> marks = new ArrayList<>();
        for (Path file : files(quarantine)) {
            read(file, marks);
        }
        return marks;
    }

    void quarantine(LoadMark mark) throws IOException {
        Files.createDirectories(quarantine);
        Path part = quarantine.resolve(mark.digest() + ".part");
        Durably.write(part, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(mark));
        Files.deleteIfExists(file(mark.digest()));
        Durably.move(part, file(mark.digest()));
    }

    void release(String digest) throws IOException {
        Files.deleteIfExists(file(digest));
    }

    private Path file(String digest) {
        return quarantine.resolve(digest + ENDING);
    }

    private static void read(Path file, List<LoadMark> marks) {
        try {
            LoadMark mark = JSON.readValue(Files.readAllBytes(file), LoadMark.class);
            if (mark.digest() == null || mark.model() == null || mark.since() == null) {
                throw new IOException("it is not whole");
            }
            marks.add(mark);
        } catch (IOException e) {
            LOG.warn("{} names no model and counts for nothing: {}", file, e.toString());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    private static boolean isOfTheDead(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        } catch (NoSuchFileException done) {
            return false;
        }
    }
}
