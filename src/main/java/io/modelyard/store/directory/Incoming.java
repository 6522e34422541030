package io.modelyard.store.directory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The hidden folder in which objects are written before they get their names, all at once. What a process that died
 * left there is removed after {@link #ABANDONED}; younger files may belong to another process on the same folder.
 */
final class Incoming {
    static final String NAME = ".incoming";
    private static final Duration ABANDONED = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(Incoming.class);

    private final Path folder;

    Incoming(Path root) {
        this.folder = root.resolve(NAME);
    }

    /** A new file with this content, on disk. */
    Path write(byte[] content) throws IOException {
        Path file = fresh();
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        } catch (IOException failed) {
            discard(file);
            throw failed;
        }
        return file;
    }

    /** A new file with the content of that one, on disk. */
    Path copy(Path source) throws IOException {
        Path file = fresh();
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            for (long at = 0; at < size;) {
                long moved = in.transferTo(at, size - at, out);
                if (moved <= 0) {
                    throw new IOException(source + " became shorter while it was copied");
                }
                at += moved;
            }
            out.force(true);
        } catch (IOException failed) {
            discard(file);
            throw failed;
        }
        return file;
    }

    /** Removes a file of this folder, if it is still there. */
    void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            LOG.debug("{} is left for a later start to remove", file, left);
        }
    }

    void removeAbandoned(Clock clock) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Instant limit = clock.instant().minus(ABANDONED);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("Could not remove what unfinished writes left in {}: {}", folder, e.toString());
        }
    }

    private Path fresh() throws IOException {
        Files.createDirectories(folder);
        return folder.resolve(UUID.randomUUID().toString());
    }
}
