package io.modelyard.store.directory;

import io.modelyard.store.ObjectStore.Entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the ETags of files. Up to {@link #HASHED} bytes it is a hash of the content, so that no edit by hand goes
 * unseen, however quick and with whatever times set; beyond, where nobody writes by hand, size, time of modification
 * and identity of the file.
 *
 * <p>
 * A hash is remembered with the file's stat, so that a listing reads only what is new. It is not remembered for a file
 * that changed less than {@link #SETTLED} ago: within one tick of the file system's clock a second change of the same
 * size would leave the stat as it is (the "racy" problem of Git's index).
 */
final class ETags {
    static final int HASHED = 1 << 20;
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Clock clock;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(FileStat stat, String etag) {}

    ETags(Clock clock) {
        this.clock = clock;
    }

    String of(String key, Path file, FileStat stat) throws IOException {
        if (stat.size() > HASHED) {
            return ofStat(stat);
        }
        Remembered known = remembered.get(key);
        if (known != null && known.stat().equals(stat)) {
            return known.etag();
        }
        Instant before = clock.instant();
        String etag = ofBytes(Files.readAllBytes(file));
        if (stat.changed().plus(SETTLED).isBefore(before)) {
            remembered.put(key, new Remembered(stat, etag));
        }
        return etag;
    }

    /** Of a file that nobody changes; it stays the same when the file gets another name. */
    static String ofFile(Path file) throws IOException {
        FileStat stat = FileStat.of(file);
        return stat.size() > HASHED ? ofStat(stat) : ofBytes(Files.readAllBytes(file));
    }

    static String ofStat(FileStat stat) {
        Instant modified = stat.modified();
        return "s" + Long.toHexString(stat.size()) + "-" + Long.toHexString(modified.getEpochSecond()) + "."
                + Integer.toHexString(modified.getNano()) + "-" + stat.identity();
    }

    static String ofBytes(byte[] bytes) {
        try {
            return "h" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /**
     * Forgets what a listing of {@code prefix} after {@code startAfter} should have shown and did not.
     *
     * @param isPart whether the listing ended with its last entry, and not with the prefix
     */
    void forgetUnlisted(String prefix, String startAfter, List<Entry> listed, boolean isPart) {
        Set<String> keys = HashSet.newHashSet(listed.size());
        listed.forEach(entry -> keys.add(entry.key()));
        String last = isPart && !listed.isEmpty() ? listed.getLast().key() : null;
        remembered.keySet().removeIf(key -> key.startsWith(prefix) && !keys.contains(key)
                && KeyOrder.INSTANCE.compare(key, startAfter) > 0
                && (last == null || KeyOrder.INSTANCE.compare(key, last) < 0));
    }
}
