package io.modelyard.artifact;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Knows what is on disk and what of it is used, so that nothing is evicted that somebody holds or waits for. Safe for many
 * threads: what is decided here is done before anybody else decides.
 */
final class Ledger {
    private final CacheFolder folder;
    private final Map<String, Long> blobs = new HashMap<>();
    private final Map<String, Long> parts = new HashMap<>();
    private final Map<String, Folder> versions = new HashMap<>();
    private final Map<String, Pin> pins = new HashMap<>();

    Ledger(CacheFolder folder) {
        this.folder = folder;
    }

    private record Folder(Contents contents, Instant lastUse) {}

    /** Keeps a version and what it consists of from being evicted. Whoever works on its folder holds its monitor. */
    static final class Pin {
        private final Contents contents;
        private int count;
        private int held;

        private Pin(Contents contents) {
            this.contents = contents;
        }

        Contents contents() {
            return contents;
        }
    }

    /** One more who holds the version, or waits for it. */
    synchronized Pin pin(Contents contents) {
        Pin pin = pins.computeIfAbsent(contents.digest(), digest -> new Pin(contents));
        pin.count++;
        return pin;
    }

    synchronized void unpin(Pin pin) {
        if (--pin.count == 0) {
            pins.remove(pin.contents.digest());
        }
    }

    /** The version is handed out, and pinned once more by whoever has it. */
    synchronized void hold(Pin pin) {
        pin.count++;
        pin.held++;
    }

    synchronized void release(Pin pin) {
        pin.held--;
        unpin(pin);
    }

    /** Whether the version was handed out to somebody who still has it. */
    synchronized boolean isHeld(String digest) {
        Pin pin = pins.get(digest);
        return pin != null && pin.held > 0;
    }

    synchronized void hasBlob(String sha256, long size) {
        blobs.put(sha256, size);
        parts.remove(sha256);
    }

    synchronized void lostBlob(String sha256) {
        blobs.remove(sha256);
    }

    synchronized void hasPart(String sha256, long bytes) {
        if (bytes == 0) {
            parts.remove(sha256);
        } else {
            parts.put(sha256, bytes);
        }
    }

    synchronized void hasVersion(Contents contents, Instant lastUse) {
        versions.put(contents.digest(), new Folder(contents, lastUse));
    }

    synchronized void used(String digest, Instant now) {
        versions.computeIfPresent(digest, (same, version) -> new Folder(version.contents(), now));
    }

    synchronized Optional<Contents> version(String digest) {
        return Optional.ofNullable(versions.get(digest)).map(Folder::contents);
    }

    synchronized Collection<Contents> versions() {
        return versions.values().stream().map(Folder::contents).toList();
    }

    synchronized Map<String, Long> blobs() {
        return Map.copyOf(blobs);
    }

    synchronized Holdings holdings() {
        Map<String, Long> claimed = new HashMap<>();
        pins.values().forEach(pin -> pin.contents.files().forEach(file -> claimed.put(file.sha256(), file.size())));
        List<Holdings.Version> folders = versions.values().stream().map(Ledger::toVersion).toList();
        return new Holdings(blobs, parts, folders, claimed, pins.keySet());
    }

    private static Holdings.Version toVersion(Folder folder) {
        Contents contents = folder.contents();
        return new Holdings.Version(contents.digest(), contents.blobs().keySet(),
                contents.copied() ? contents.totalSize() : 0, folder.lastUse());
    }

    /**
     * Takes from its place what is chosen to go; the space is given back when the folder's trash is emptied.
     *
     * @throws IOException if the disk refuses; what had gone by then is not known here any more
     */
    synchronized Eviction evict(Function<Holdings, Eviction> choice) throws IOException {
        Eviction eviction = choice.apply(holdings());
        for (String part : eviction.parts()) {
            folder.discard(folder.part(part));
            folder.discard(folder.origin(part));
            parts.remove(part);
        }
        for (String digest : eviction.versions()) {
            folder.discard(folder.version(digest));
            versions.remove(digest);
        }
        for (String blob : eviction.blobs()) {
            folder.discard(folder.blob(blob));
            blobs.remove(blob);
        }
        return eviction;
    }
}
