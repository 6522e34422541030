package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Model;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Keeps the files of versions on local disk, each version in a folder named by its digest. A folder appears only when every
 * file in it has the size and SHA-256 that the manifest names. Safe for use by many threads: a version is fetched once for
 * all who wait.
 */
@Singleton
public final class ArtifactCache {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final String UNFINISHED = ".fetching-";

    private final ObjectStore store;
    private final Path directory;
    private final ConcurrentHashMap<String, Object> locks = new ConcurrentHashMap<>();

    ArtifactCache(ObjectStore store, ArtifactConfiguration configuration) {
        this.store = store;
        this.directory = configuration.directory().toAbsolutePath();
        removeUnfinished();
    }

    /**
     * The folder that holds the model's files, fetched now if they are not there yet. Blocks while it fetches.
     *
     * @throws ArtifactException if a file is missing or is not what the manifest says, or the disk refuses
     * @throws StoreException if the store cannot be reached
     */
    public Path folder(Model model) throws ArtifactException {
        Object lock = locks.computeIfAbsent(model.digest(), digest -> new Object());
        synchronized (lock) {
            Path folder = directory.resolve(model.digest());
            if (!isComplete(folder, model)) {
                fetch(model, folder);
            }
            return folder;
        }
    }

    /** Removes the model's files and says how many bytes they took. The caller sees to it that nothing uses them. */
    public long remove(Model model) throws ArtifactException {
        Object lock = locks.computeIfAbsent(model.digest(), digest -> new Object());
        synchronized (lock) {
            try {
                return delete(directory.resolve(model.digest()));
            } catch (IOException e) {
                throw new ArtifactException("the files of " + model.id() + " cannot be removed: " + e, e);
            }
        }
    }

    private static boolean isComplete(Path folder, Model model) throws ArtifactException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        for (ArtifactFile file : model.manifest().files()) {
            try {
                if (Files.size(folder.resolve(file.path())) != file.size()) {
                    throw new IOException("has another size");
                }
            } catch (IOException e) {
                LOG.warn("{} of {} was damaged in the artifact cache and is fetched again: {}", file.path(), model.id(),
                        e.toString());
                return false;
            }
        }
        return true;
    }

    private void fetch(Model model, Path folder) throws ArtifactException {
        long start = System.nanoTime();
        try {
            Files.createDirectories(directory);
            Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
            try {
                for (ArtifactFile file : model.manifest().files()) {
                    Download.to(unfinished, file, store, model.manifest().filesPrefix() + file.path());
                }
                delete(folder);
                Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(unfinished);
            }
        } catch (IOException e) {
            throw new ArtifactException("the files of " + model.id() + " cannot be kept in " + directory + ": " + e, e);
        }
        LOG.info("fetched {}: {} files, {} bytes in {} ms", model.id(), model.manifest().files().size(),
                model.manifest().totalSize(), (System.nanoTime() - start) / 1_000_000);
    }

    /** What a process that was killed left behind. */
    private void removeUnfinished() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.filter(path -> path.getFileName().toString().startsWith(UNFINISHED)).toList()) {
                delete(child);
            }
        } catch (IOException e) {
            LOG.warn("leftovers in {} cannot be removed: {}", directory, e.toString());
        }
    }

    private static long delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        long bytes = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                bytes += Files.isRegularFile(path) ? Files.size(path) : 0;
                Files.delete(path);
            }
        }
        return bytes;
    }
}
