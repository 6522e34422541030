package io.modelyard.registry;

import java.nio.charset.StandardCharsets;

/**
 * Names a set of documents: the sum, modulo 2^64 in each of two halves, of the SHA-256 of each one's key and digest. So
 * it is the same wherever the same documents are, in whatever order they came, and a change costs what it changes.
 */
record SnapshotId(long high, long low) {
    static final SnapshotId NONE = new SnapshotId(0, 0);

    /** @param digest of the document's bytes */
    SnapshotId with(String key, String digest) {
        String hash = DocumentFormat.digest((digest + "  " + key).getBytes(StandardCharsets.UTF_8));
        return plus(new SnapshotId(Long.parseUnsignedLong(hash, 0, 16, 16), Long.parseUnsignedLong(hash, 16, 32, 16)));
    }

    SnapshotId plus(SnapshotId other) {
        return new SnapshotId(high + other.high, low + other.low);
    }

    SnapshotId minus(SnapshotId other) {
        return new SnapshotId(high - other.high, low - other.low);
    }

    /** 32 hex digits. */
    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
