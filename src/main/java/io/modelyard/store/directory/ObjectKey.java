package io.modelyard.store.directory;

/** What a key may be in a folder: segments between single slashes, none of them hidden and none leading upwards. */
final class ObjectKey {
    private ObjectKey() {}

    static void check(String key) throws InvalidKeyException {
        if (key.isEmpty()) {
            throw new InvalidKeyException(key, "it is empty");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()) {
                throw new InvalidKeyException(key, "it begins or ends with a slash, or has two in a row");
            }
            if (isHidden(segment)) {
                throw new InvalidKeyException(key, "a segment begins with a dot, as hidden files and '..' do");
            }
        }
        checkCharacters(key);
    }

    /** A prefix is the beginning of a key, so its last segment may be empty or short. */
    static void checkPrefix(String prefix) throws InvalidKeyException {
        String[] segments = prefix.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (isHidden(segments[i]) || (segments[i].isEmpty() && i < segments.length - 1)) {
                throw new InvalidKeyException(prefix, "no key can begin like this");
            }
        }
        checkCharacters(prefix);
    }

    static boolean isHidden(String segment) {
        return segment.startsWith(".");
    }

    private static void checkCharacters(String key) throws InvalidKeyException {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isISOControl(c) || c == '\\') {
                throw new InvalidKeyException(key, "it has a control character or a backslash at place " + i);
            }
        }
    }
}
