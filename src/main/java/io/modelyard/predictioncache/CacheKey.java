package io.modelyard.predictioncache;

import java.nio.ByteBuffer;

/** Names one computation: the 256 bits of a SHA-256 over all that its outcome depends on. Made by {@link CacheKeys}. */
public record CacheKey(long first, long second, long third, long fourth) {
    /** How many bytes one is. */
    public static final int BYTES = 4 * Long.BYTES;

    static CacheKey of(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new CacheKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES).putLong(first).putLong(second).putLong(third).putLong(fourth).array();
    }

    /** The bits are as good as random already. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }
}
