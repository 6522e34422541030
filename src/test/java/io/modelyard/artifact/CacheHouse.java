package io.modelyard.artifact;

import io.modelyard.TestStore;
import io.modelyard.background.BackgroundConfiguration;
import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.directory.DirectoryStore;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A store in a folder, and caches over it in another, one after the other. */
final class CacheHouse implements AutoCloseable {
    final WatchedStore store;
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
    final Set<String> kept = ConcurrentHashMap.newKeySet();
    final List<String> mended = new CopyOnWriteArrayList<>();
    private final Path folder;
    private @Nullable Long maxBytes;
    private Links links = Links.HARD;
    private Disk disk = () -> Long.MAX_VALUE / 2;
    private @Nullable ArtifactCache cache;

    CacheHouse(Path folder) {
        this(folder, new DirectoryStore(folder.resolve("store")));
    }

    CacheHouse(Path folder, ObjectStore store) {
        this.folder = folder;
        this.store = new WatchedStore(store);
    }

    CacheHouse maxBytes(long bytes) {
        maxBytes = bytes;
        return this;
    }

    CacheHouse links(Links links) {
        this.links = links;
        return this;
    }

    CacheHouse disk(Disk disk) {
        this.disk = disk;
        return this;
    }

    InstantSource clock() {
        return now::get;
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    ArtifactConfiguration configuration() {
        return new ArtifactConfiguration(folder.resolve("cache"), maxBytes, 4, Duration.ofMillis(1),
                Duration.ofHours(24), 1_000_000_000);
    }

    /** The cache, opened when it is asked for first. */
    ArtifactCache cache() {
        if (cache == null) {
            cache = new ArtifactCache(store, configuration(), () -> kept, event -> mended.add(event.digest()), clock(),
                    new BackgroundThreads(new BackgroundConfiguration(10)), links, Optional.of(disk));
        }
        return cache;
    }

    /** Closes the cache; the next one finds what it left. */
    ArtifactCache restarted() {
        close();
        return cache();
    }

    /** Puts a version into the store. */
    Model publish(String id, Map<String, byte[]> files) {
        int slash = id.indexOf('/');
        List<ArtifactFile> described = new ArrayList<>();
        new TreeMap<>(files).forEach((path, bytes) -> {
            store.put("models/" + id + "/p/" + path, bytes);
            described.add(new ArtifactFile(path, bytes.length, TestStore.sha256(bytes)));
        });
        return model(id.substring(0, slash), id.substring(slash + 1), described);
    }

    static Model model(String type, String version, List<ArtifactFile> files) {
        Manifest manifest = new Manifest(1, type, version, "xgboost", "p", files, List.of(), List.of(), List.of(), null,
                null, true, Map.of(), null, null, null, null, Instant.EPOCH, null, Map.of());
        return new Model(manifest, TestStore.sha256((type + "/" + version).getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    Path path(String name) {
        return folder.resolve("cache").resolve(name);
    }

    /** Regular files below a folder of the cache, by their names. */
    List<String> filesBelow(String name) {
        try (Stream<Path> all = Files.walk(path(name))) {
            return all.filter(Files::isRegularFile).map(file -> path(name).relativize(file).toString()).sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }
}
