package io.modelyard.registry;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Unique names for writes. Safe for use by many threads if the generator is. */
final class ChangeIds {
    private static final int BYTES = 16;

    private final RandomGenerator random;

    ChangeIds(RandomGenerator random) {
        this.random = random;
    }

    /** 128 random bits as hex. */
    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
