package io.modelyard.artifact;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is on disk and what of it is used, at one moment.
 *
 * @param blobs bytes of contents that are whole, by SHA-256
 * @param parts bytes of downloads that broke off, by SHA-256
 * @param versions whose folders are there
 * @param claimed bytes of the contents that versions in use consist of, there or on their way, by SHA-256
 * @param inUse digests of the versions that are loaded or loading
 */
record Holdings(Map<String, Long> blobs, Map<String, Long> parts, Collection<Version> versions,
        Map<String, Long> claimed, Set<String> inUse) {

    /**
     * @param blobs that it consists of, each once
     * @param copies bytes of its own, where its files are copies of the blobs
     */
    record Version(String digest, Set<String> blobs, long copies, Instant lastUse) {
        Version {
            blobs = Set.copyOf(blobs);
        }
    }

    Holdings {
        blobs = Map.copyOf(blobs);
        parts = Map.copyOf(parts);
        versions = List.copyOf(versions);
        claimed = Map.copyOf(claimed);
        inUse = Set.copyOf(inUse);
    }

    /** Bytes that are taken, and that will be when what is on its way has come. */
    long bytes() {
        return sum(blobs.values().stream())
                + sum(claimed.entrySet().stream().filter(blob -> !blobs.containsKey(blob.getKey()))
                        .map(Map.Entry::getValue))
                + sum(parts.entrySet().stream().filter(part -> !claimed.containsKey(part.getKey()))
                        .map(Map.Entry::getValue))
                + sum(versions.stream().map(Version::copies));
    }

    private static long sum(Stream<Long> bytes) {
        return bytes.mapToLong(Long::longValue).sum();
    }
}
