package io.modelyard.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key as its holder has it: {@code my_} and 256 random bits in base64url. The prefix lets people and secret scanners
 * recognise one. Kept nowhere by the server but in the file of the first admin key.
 */
public record PlainKey(String text) {
    private static final String PREFIX = "my_";
    private static final int RANDOM_BYTES = 32;

    static PlainKey random(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new PlainKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /**
     * SHA-256, lower-case hex. No salt and no slow function: those protect what people choose, and 256 random bits cannot
     * be guessed.
     */
    public String hash() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Not the key: what is printed ends up in a log. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
