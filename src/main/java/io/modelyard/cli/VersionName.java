package io.modelyard.cli;

import io.modelyard.model.ModelId;

/**
 * A version as people write it.
 *
 * @param version a version, or an alias with its @
 */
record VersionName(String type, String version) {
    /** @throws BadArgumentException if it is not of the form {@code type/version} or {@code type/@alias} */
    static VersionName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new BadArgumentException(
                    "'" + text + "' names no version: write TYPE/VERSION, penguins/2 for example, "
                            + "or TYPE/@ALIAS");
        }
        VersionName name = new VersionName(text.substring(0, slash), text.substring(slash + 1));
        if (!name.version.startsWith("@")) {
            StoreCommand.id(name.type, name.version);
        } else if (!ModelId.isType(name.type)) {
            throw new BadArgumentException("'" + name.type + "' is not the name of a type");
        }
        return name;
    }

    boolean isLatest() {
        return version.equals("@latest");
    }

    /** @throws BadArgumentException if it is an alias */
    void demandPlain() {
        if (version.startsWith("@")) {
            throw new BadArgumentException("name the version itself and not " + version + ", which may lead elsewhere "
                    + "the next moment");
        }
    }
}
