package io.modelyard.artifact;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How a blob gets its name in a version's folder. */
interface Links {
    /** Hard links: each content is on disk once. */
    Links HARD = (blob, name) -> Files.createLink(name, blob);

    /** @throws FileSystemException if the file system knows no such links, or no more of them */
    void link(Path blob, Path name) throws IOException;

    /** Links, or copies where links fail; whether it is a copy. */
    default boolean place(Path blob, Path name) throws IOException {
        try {
            link(blob, name);
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Durably.copy(blob, name);
            // It was seen to be right when the blob was.
            Files.setLastModifiedTime(name, Files.getLastModifiedTime(blob));
            readOnly(name);
            return true;
        }
    }

    /** @throws IOException if the file system refuses */
    static void readOnly(Path file) throws IOException {
        if (!file.toFile().setReadOnly()) {
            throw new IOException(file + " cannot be made read-only");
        }
    }
}
