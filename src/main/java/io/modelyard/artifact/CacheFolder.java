package io.modelyard.artifact;

import io.micronaut.context.exceptions.ConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The places on disk, held by this process alone until it is closed:
 *
 * <pre>
 * lock                             locked by the process that lives here
 * blobs/ab/abcd…                   a file's content, named by its SHA-256, read-only
 * versions/&lt;digest>/contents.json  what the version consists of
 * versions/&lt;digest>/files/…        its files: links to blobs
 * incoming/&lt;sha256>.part, .origin  a download that is not whole, and of which object it is
 * tmp/                             folders that are being built
trash/                           what has lost its place and is to be deleted
 * </pre>
 */
final class CacheFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

    private final Path root;
    private final FileChannel lock;

    private CacheFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** @throws ConfigurationException if the folder cannot be used, or is used by another process */
    static CacheFolder open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            FileChannel lock = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isTaken(lock)) {
                lock.close();
                throw new ConfigurationException("The artifact cache " + root + " is in use by another process, and two"
                        + " must not share one: give this one its own with modelyard.artifact.directory or"
                        + " modelyard.data-dir");
            }
            CacheFolder folder = new CacheFolder(root, lock);
            for (String name : List.of("blobs", "versions", "incoming", "tmp", "trash")) {
                Files.createDirectories(root.resolve(name));
            }
            return folder;
        } catch (IOException e) {
            throw new ConfigurationException("The artifact cache " + root + " cannot be used (" + e
                    + "): choose another folder with modelyard.artifact.directory or modelyard.data-dir", e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            // Held as long as the channel is open; the operating system takes it from the dead.
            FileLock taken = channel.tryLock();
            return taken != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    Path root() {
        return root;
    }

    Path blob(String sha256) {
        return root.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
    }

    Path version(String digest) {
        return root.resolve("versions").resolve(digest);
    }

    Path files(String digest) {
        return version(digest).resolve("files");
    }

    Path contents(String digest) {
        return version(digest).resolve("contents.json");
    }

    Path part(String sha256) {
        return root.resolve("incoming").resolve(sha256 + ".part");
    }

    Path origin(String sha256) {
        return root.resolve("incoming").resolve(sha256 + ".origin");
    }

    List<Path> blobs() throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("blobs"), 2)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    List<Path> versions() throws IOException {
        return children("versions");
    }

    List<Path> incoming() throws IOException {
        return children("incoming");
    }

    /** A name in the folder for what is unfinished. */
    Path fresh() {
        return root.resolve("tmp").resolve(UUID.randomUUID().toString());
    }

    /** Takes a file or folder from its place at once; {@link #emptyTrash} gives the space back. */
    void discard(Path path) throws IOException {
        try {
            Files.move(path, root.resolve("trash").resolve(UUID.randomUUID().toString()),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException gone) {
            LOG.debug("{} is gone already", path);
        }
    }

    void emptyTrash() throws IOException {
        for (Path path : children("trash")) {
            delete(path);
        }
    }

    /** What a process that was killed was building; only while this one builds nothing. */
    void removeUnfinished() throws IOException {
        for (Path path : children("tmp")) {
            delete(path);
        }
    }

    /** Removes a file or a folder with all that is in it. */
    static void delete(Path path) throws IOException {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                        throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException gone) {
            LOG.debug("{} is gone already", path);
        }
    }

    private List<Path> children(String name) throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(name))) {
            return all.toList();
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("the lock of {} goes with the process", root, e);
        }
    }
}
