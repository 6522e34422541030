package io.modelyard.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file that holds the first admin key, which its owner alone may read. Blocks. */
final class AdminKeyFile {
    private final Path path;

    AdminKeyFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path path() {
        return path;
    }

    /** @throws UncheckedIOException if there is a file that cannot be read */
    Optional<PlainKey> read() {
        try {
            String text = Files.readString(path).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(new PlainKey(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the admin key in " + path, e);
        }
    }

    /**
     * Writes the whole file in one step.
     *
     * @return whether it was written; false where another process has written one meanwhile, which stays as it is
     */
    boolean create(PlainKey key) {
        try {
            Path directory = Files.createDirectories(path.resolveSibling(""));
            Path draft = Files.createTempFile(directory, ".admin", ".key", ownerOnly(directory));
            try {
                Files.writeString(draft, key.text() + "\n");
                return publish(draft);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the admin key to " + path
                    + " (modelyard.access.admin-key-file)", e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }

    /** A link is the one way to give a file a name only if nobody has it. */
    private boolean publish(Path draft) throws IOException {
        try {
            Files.createLink(path, draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(path)) {
                return false;
            }
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }
}
