package io.modelyard.model;

import java.util.Set;

/**
 * Names one version of one type.
 *
 * @param type the family of models that answer the same question
 * @param version one immutable member of it
 */
public record ModelId(String type, String version) implements Comparable<ModelId> {
    private static final int MOST_CHARACTERS = 64;

    /** Words that stand where a version may stand in a path of the API. */
    private static final Set<String> RESERVED_VERSIONS = Set.of("schema", "history", "aliases", "rollback", "latest",
            "activate", "load", "unload", "restore", "stats");

    /** @throws IllegalArgumentException if one of the names is not a name */
    public ModelId {
        if (!isType(type)) {
            throw new IllegalArgumentException("'" + type + "' is not the name of a type: up to 64 of a-z 0-9 . _ -, "
                    + "a letter or digit first");
        }
        if (!isVersion(version)) {
            throw new IllegalArgumentException(RESERVED_VERSIONS.contains(version)
                    ? "'" + version + "' cannot be a version: it is a word of the API"
                    : "'" + version + "' is not the name of a version: up to 64 of A-Z a-z 0-9 . _ -, "
                            + "a letter or digit first");
        }
    }

    public static boolean isType(String text) {
        return isName(text, false);
    }

    public static boolean isVersion(String text) {
        return isName(text, true) && !RESERVED_VERSIONS.contains(text);
    }

    /** By hand, because every request asks it several times. */
    private static boolean isName(String text, boolean upperCase) {
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                    || (upperCase && c >= 'A' && c <= 'Z');
            boolean mark = i > 0 && (c == '.' || c == '_' || c == '-');
            if (!letterOrDigit && !mark) {
                return false;
            }
        }
        return true;
    }

    /** By type, then by the natural order of versions. */
    @Override
    public int compareTo(ModelId other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : VersionOrder.NATURAL.compare(version, other.version);
    }

    /** {@code type/version}. */
    @Override
    public String toString() {
        return type + "/" + version;
    }
}
