package io.modelyard.artifact;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What happened in the cache since it was opened. Thread-safe. */
final class Counters {
    final LongAdder fetchedBytes = new LongAdder();
    final LongAdder sharedBytes = new LongAdder();
    final LongAdder brokenOff = new LongAdder();
    final LongAdder evictedVersions = new LongAdder();
    final LongAdder evictedBytes = new LongAdder();
    final LongAdder verifiedBytes = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final Set<Damage> unmended = ConcurrentHashMap.newKeySet();

    private record Damage(String digest, String path) {}

    /** Whether this was not known yet. */
    boolean damaged(String digest, String path) {
        boolean isNew = unmended.add(new Damage(digest, path));
        if (isNew) {
            damaged.increment();
        }
        return isNew;
    }

    /** All files of the version are right. */
    void mended(String digest) {
        unmended.removeIf(damage -> damage.digest().equals(digest));
    }

    ArtifactStats stats(Holdings holdings, long maxBytes) {
        long bytes = holdings.bytes();
        Set<String> versions = holdings.versions().stream().map(Holdings.Version::digest).collect(Collectors.toSet());
        int stillDamaged = (int) unmended.stream().filter(damage -> versions.contains(damage.digest())).count();
        return new ArtifactStats(bytes, maxBytes, Math.max(0, bytes - maxBytes), holdings.blobs().size(),
                versions.size(), fetchedBytes.sum(), sharedBytes.sum(), brokenOff.sum(), evictedVersions.sum(),
                evictedBytes.sum(), verifiedBytes.sum(), damaged.sum(), stillDamaged);
    }
}
