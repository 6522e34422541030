package io.modelyard.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder below the data directory for what a process needs as long as it lives, removed when it is closed. A process
 * that was killed leaves its folder; the next one removes it. Who lives is told by a lock on a file in the folder, which
 * the operating system takes from the dead: process ids are the same in every container.
 */
final class ProcessFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessFolder.class);
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private ProcessFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws UncheckedIOException if the data directory cannot be written to */
    static ProcessFolder open(Path dataDirectory) {
        Path run = dataDirectory.toAbsolutePath().normalize().resolve("run");
        try {
            Files.createDirectories(run);
            // While this is held no folder is without its lock.
            try (FileChannel gate = channel(run.resolve(LOCK)); FileLock _ = gate.lock()) {
                removeFoldersOfTheDead(run);
                Path path = Files.createDirectory(run.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID()));
                FileChannel lock = channel(path.resolve(LOCK));
                FileLock held = lock.lock();
                if (!held.isValid()) {
                    throw new IOException("the file system knows no locks");
                }
                return new ProcessFolder(path, lock);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + dataDirectory.toAbsolutePath()
                    + " cannot be written to (" + e + "): choose another with MODELYARD_DATA_DIR", e);
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** Removes the folder. */
    @Override
    public void close() {
        try {
            remove(path);
            lock.close();
        } catch (IOException e) {
            LOG.debug("{} is left for the next start to remove", path, e);
        }
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void removeFoldersOfTheDead(Path run) throws IOException {
        List<Path> folders;
        try (Stream<Path> children = Files.list(run)) {
            folders = children.filter(Files::isDirectory).toList();
        }
        for (Path folder : folders) {
            try {
                if (isOfTheDead(folder)) {
                    remove(folder);
                }
            } catch (IOException e) {
                LOG.warn("{} is of a process that lives no more and could not be removed: {}", folder, e.toString());
            }
        }
    }

    private static boolean isOfTheDead(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        } catch (NoSuchFileException cleared) {
            return true;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
