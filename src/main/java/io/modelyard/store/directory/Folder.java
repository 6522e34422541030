package io.modelyard.store.directory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The folder of a store, and the way between its keys and paths. No key leads out of the folder: keys are checked, and
 * a path on which a symbolic link stands, or whose letters are in another case than on disk, leads to no object.
 */
final class Folder {
    private final Path root;
    private final Object device;

    /** @param root is created where it is missing; a link here is followed, once */
    Folder(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root.toRealPath();
        this.device = device(this.root);
    }

    Path root() {
        return root;
    }

    /** @throws InvalidKeyException if the key is none that a folder can hold */
    Path resolve(String key) throws InvalidKeyException {
        ObjectKey.check(key);
        try {
            return root.resolve(key);
        } catch (IllegalArgumentException unmappable) {
            throw new InvalidKeyException(key, "the locale of this process cannot write it: set LC_ALL=C.UTF-8");
        }
    }

    String keyOf(Path path) {
        String relative = root.relativize(path).toString();
        return relative.replace(path.getFileSystem().getSeparator(), "/");
    }

    /** Whether an object lies at this path of the folder. */
    boolean holdsObject(Path path) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && isPlain(path);
    }

    /** Whether the path exists and is what it says: no link on it, and its letters in the same case as on disk. */
    boolean isPlain(Path path) throws IOException {
        try {
            return path.toRealPath().equals(path);
        } catch (NoSuchFileException absent) {
            return false;
        } catch (IOException blocked) {
            if (throughFile(path)) {
                return false;
            }
            throw blocked;
        }
    }

    /** Whether the path is below something that is a file, so that nothing can be there. */
    boolean throughFile(Path path) {
        for (Path parent = path.getParent(); parent != null && parent.startsWith(root); parent = parent.getParent()) {
            if (Files.isRegularFile(parent, LinkOption.NOFOLLOW_LINKS)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Fails where an empty listing would be a lie: the folder is gone, or it was the top of a file system that is
     * not mounted any more.
     */
    void checkPresent() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        if (!device.equals(device(root))) {
            throw new IOException("the folder is on another file system than when it was opened; was it unmounted? "
                    + "Mount it again, or restart");
        }
    }

    /** Makes the folders above an object, each of them durable. */
    void makeParents(Path path) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path parent = parent(path);
        while (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            if (parent.equals(root)) {
                throw new NotDirectoryException(root.toString());
            }
            missing.push(parent);
            parent = parent(parent);
        }
        for (Path folder : missing) {
            try {
                Files.createDirectory(folder);
            } catch (FileAlreadyExistsException raced) {
                if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException(folder + " is in the way: it is a file or a link, and not a folder", raced);
                }
            }
            sync(parent(folder));
        }
        if (!isPlain(parent(path)) && Files.exists(parent(path))) {
            throw new IOException(parent(path) + " is in the way: it is reached by a link, or differs in case on disk");
        }
    }

    /** Removes the folders above a deleted object that are empty now, but those at the top. */
    void pruneParents(Path path) {
        for (Path folder = parent(path); folder.getNameCount() > root.getNameCount() + 1; folder = parent(folder)) {
            try {
                Files.delete(folder);
            } catch (IOException inUse) {
                return;
            }
        }
    }

    /** Makes the entries of a folder durable, where the system can. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException notHere) {
            // Windows opens no folders; there the entry is durable with the file.
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private static Object device(Path path) throws IOException {
        if (!FileStat.UNIX) {
            return "";
        }
        @Nullable
        Object device = Files.getAttribute(path, "unix:dev");
        return device == null ? "" : device;
    }
}
