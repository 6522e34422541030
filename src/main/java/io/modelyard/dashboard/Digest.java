package io.modelyard.dashboard;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** SHA-256 in the spellings that the page needs. */
final class Digest {
    private Digest() {}

    static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    /** As a Content-Security-Policy names a script that stands in the page. */
    static String forPolicy(byte[] script) {
        return "'sha256-" + Base64.getEncoder().encodeToString(sha256(script)) + "'";
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] sha256(byte[] content) {
        return sha256().digest(content);
    }
}
