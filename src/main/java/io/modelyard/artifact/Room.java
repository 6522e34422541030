package io.modelyard.artifact;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keeps the cache within its limit and the disk from getting full. For the limit alone nothing goes that should be there
 * for a restart without the store; where the disk itself has no room for what is to be loaded, that goes too, last.
 */
final class Room {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    /** Left free on the disk, for whatever else is written to it. */
    private static final long RESERVE = 32L << 20;
    private static final double DEFAULT_PART = 0.8;

    private final CacheFolder folder;
    private final Ledger ledger;
    private final KeptVersions kept;
    private final Disk disk;
    private final Counters counters;
    private final long maxBytes;
    private volatile boolean warned;

    /** @param limit where it is empty, a part of what the disk has for the cache now */
    Room(CacheFolder folder, Ledger ledger, KeptVersions kept, Disk disk, Counters counters, OptionalLong limit)
            throws IOException {
        this.folder = folder;
        this.ledger = ledger;
        this.kept = kept;
        this.disk = disk;
        this.counters = counters;
        this.maxBytes = limit.isPresent()
                ? limit.getAsLong()
                : (long) ((disk.usableBytes() + ledger.holdings().bytes()) * DEFAULT_PART);
    }

    long maxBytes() {
        return maxBytes;
    }

    /**
     * Makes room for what is still to be fetched of a version that is pinned.
     *
     * @throws ArtifactException if the disk has no room for it, whatever is evicted
     */
    void makeFor(Contents contents) throws IOException, ArtifactException {
        keepLimit();
        long missing = missing(contents);
        long free = disk.usableBytes();
        if (missing > 0 && free < missing + RESERVE) {
            evict(missing + RESERVE - free, true);
            free = disk.usableBytes();
            if (free < missing + RESERVE) {
                throw new ArtifactException("the disk of " + folder.root() + " is full: " + contents.model() + " needs "
                        + missing + " bytes more, and " + Math.max(0, free - RESERVE) + " can be had. Free space on it,"
                        + " or choose another with modelyard.artifact.directory", null);
            }
        }
    }

    private long missing(Contents contents) {
        Holdings holdings = ledger.holdings();
        Map<String, Long> blobs = holdings.blobs();
        return contents.blobs().values().stream().filter(file -> !blobs.containsKey(file.sha256()))
                .mapToLong(file -> file.size() - holdings.parts().getOrDefault(file.sha256(), 0L)).sum();
    }

    /** Evicts what is too much; says so where all that is left has to stay. */
    void keepLimit() throws IOException {
        long excess = ledger.holdings().bytes() - maxBytes;
        if (excess > 0) {
            evict(excess, false);
            excess = ledger.holdings().bytes() - maxBytes;
        }
        boolean over = excess > 0;
        if (over && !warned) {
            LOG.warn(
                    "The artifact cache holds {} bytes more than modelyard.artifact.max-bytes ({}): all of it is loaded,"
                            + " or active, aliased or active before. Raise the limit, or load less",
                    excess, maxBytes);
        }
        warned = over;
    }

    private void evict(long excess, boolean evenKept) throws IOException {
        var stay = kept.digests();
        Eviction eviction = ledger.evict(holdings -> Eviction.of(holdings, excess, stay, evenKept));
        counters.evictedVersions.add(eviction.versions().size());
        counters.evictedBytes.add(eviction.bytes());
        if (!eviction.isEmpty()) {
            LOG.info("Evicted {} versions from the artifact cache, {} bytes", eviction.versions().size(),
                    eviction.bytes());
        }
        folder.emptyTrash();
    }
}
