package io.modelyard.artifact;

import io.modelyard.artifact.Holdings.Version;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

/**
 * What is to go so that enough space is given back: first downloads that nobody waits for and contents without a version,
 * then versions, the least recently used first, with the contents that no other version shares. Never what is in use.
 *
 * @param parts downloads that broke off, by SHA-256
 * @param versions by digest; their folders go before the blobs
 * @param blobs by SHA-256
 * @param bytes that this gives back
 */
record Eviction(List<String> parts, List<String> versions, List<String> blobs, long bytes) {
    static final Eviction NOTHING = new Eviction(List.of(), List.of(), List.of(), 0);

    /**
     * @param excess the bytes to give back; there may be less to give
     * @param kept digests of versions that should be there for a restart without the store
     * @param evenKept whether these may go too, after all others
     */
    static Eviction of(Holdings holdings, long excess, Set<String> kept, boolean evenKept) {
        return new Choice(holdings).choose(excess, holdings.versions().stream()
                .filter(version -> !holdings.inUse().contains(version.digest()))
                .filter(version -> evenKept || !kept.contains(version.digest()))
                .sorted(Comparator.comparing((Version version) -> kept.contains(version.digest()))
                        .thenComparing(Version::lastUse).thenComparing(Version::digest))
                .toList());
    }

    /** One version, and the contents that no other shares; the caller knows that it is not in use. */
    static Eviction of(Holdings holdings, Version version) {
        Choice choice = new Choice(holdings);
        choice.evict(version);
        return choice.made();
    }

    boolean isEmpty() {
        return parts.isEmpty() && versions.isEmpty() && blobs.isEmpty();
    }

    /** An eviction in the making. */
    private static final class Choice {
        private final Holdings holdings;
        private final Map<String, Integer> holders = new HashMap<>();
        private final List<String> parts = new ArrayList<>();
        private final List<Version> versions = new ArrayList<>();
        private final List<String> blobs = new ArrayList<>();
        private long bytes;

        Choice(Holdings holdings) {
            this.holdings = holdings;
            holdings.versions().forEach(version -> version.blobs().forEach(blob -> holders.merge(blob, 1,
                    Integer::sum)));
        }

        Eviction choose(long excess, List<Version> candidates) {
            for (Entry<String, Long> part : sorted(holdings.parts())) {
                if (bytes < excess && !holdings.claimed().containsKey(part.getKey())) {
                    parts.add(part.getKey());
                    bytes += part.getValue();
                }
            }
            for (Entry<String, Long> blob : sorted(holdings.blobs())) {
                if (bytes < excess && !holders.containsKey(blob.getKey())) {
                    release(blob.getKey());
                }
            }
            for (Version version : candidates) {
                if (bytes < excess) {
                    evict(version);
                }
            }
            if (bytes >= excess) {
                // What gave nothing back, since others share all of it, may as well stay.
                versions.removeIf(
                        version -> version.copies() == 0 && version.blobs().stream().noneMatch(blobs::contains));
            }
            return made();
        }

        void evict(Version version) {
            versions.add(version);
            bytes += version.copies();
            for (String blob : version.blobs()) {
                if (holders.merge(blob, -1, Integer::sum) == 0) {
                    release(blob);
                }
            }
        }

        private void release(String blob) {
            Long size = holdings.blobs().get(blob);
            if (size != null && !holdings.claimed().containsKey(blob)) {
                blobs.add(blob);
                bytes += size;
            }
        }

        private static List<Entry<String, Long>> sorted(Map<String, Long> sizes) {
            return sizes.entrySet().stream().sorted(Entry.comparingByKey()).toList();
        }

        Eviction made() {
            return new Eviction(List.copyOf(parts), versions.stream().map(Version::digest).toList(),
                    List.copyOf(blobs), bytes);
        }
    }
}
