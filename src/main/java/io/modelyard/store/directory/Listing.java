package io.modelyard.store.directory;

import io.modelyard.store.ObjectStore.Entry;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects objects in the order of their keys. Folders that hold nothing asked for are not entered, and a file is
 * looked at only when it is listed, so that a page of a large folder costs no more than its names. Links and hidden
 * files are not objects. A file that disappears meanwhile is left out; whatever else cannot be read fails the listing.
 */
final class Listing {
    private final Folder folder;
    private final ETags etags;
    private final String prefix;
    private final String startAfter;
    private final int most;
    private final List<Entry> found = new ArrayList<>();

    /** @param most at how many objects it stops */
    Listing(Folder folder, ETags etags, String prefix, String startAfter, int most) {
        this.folder = folder;
        this.etags = etags;
        this.prefix = prefix;
        this.startAfter = startAfter;
        this.most = most;
    }

    /** The objects below a folder of the store. */
    List<Entry> below(Path start) throws IOException {
        try {
            walk(start, start.equals(folder.root()) ? "" : folder.keyOf(start) + "/");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return List.copyOf(found);
    }

    boolean isFull() {
        return found.size() >= most;
    }

    private void walk(Path directory, String key) throws IOException {
        for (Child child : children(directory, key)) {
            if (isFull()) {
                return;
            }
            if (child.isFolder()) {
                walk(child.path, child.key + "/");
            } else {
                add(child);
            }
        }
    }

    private List<Child> children(Path directory, String parent) throws IOException {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path path : stream) {
                String name = String.valueOf(path.getFileName());
                String key = parent + name;
                if (!ObjectKey.isHidden(name) && mayHold(key)) {
                    children.add(new Child(path, key));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException gone) {
            // Deleted since its parent was read: a listing taken a moment later would not show it either.
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        children.sort(Child::compare);
        return children;
    }

    /** Whether an object with this key, or one below it, can be asked for. */
    private boolean mayHold(String key) {
        String below = key + "/";
        boolean inPrefix = key.startsWith(prefix) || prefix.startsWith(below);
        boolean isAfter = KeyOrder.INSTANCE.compare(below, startAfter) > 0 || startAfter.startsWith(below);
        return inPrefix && isAfter;
    }

    private void add(Child child) throws IOException {
        String key = child.key;
        if (key.startsWith(prefix) && KeyOrder.INSTANCE.compare(key, startAfter) > 0
                && Files.isRegularFile(child.path, LinkOption.NOFOLLOW_LINKS)) {
            try {
                FileStat stat = FileStat.of(child.path);
                found.add(new Entry(key, stat.size(), etags.of(key, child.path, stat), stat.modified()));
            } catch (NoSuchFileException gone) {
                // As above.
            }
        }
    }

    /** A name in a folder. What it is decides its place where it is the beginning of another name. */
    private static final class Child {
        private final Path path;
        private final String key;
        private @Nullable Boolean folder;

        Child(Path path, String key) {
            this.path = path;
            this.key = key;
        }

        boolean isFolder() {
            Boolean known = folder;
            if (known == null) {
                known = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                folder = known;
            }
            return known;
        }

        static int compare(Child a, Child b) {
            if (!a.key.startsWith(b.key) && !b.key.startsWith(a.key)) {
                return KeyOrder.INSTANCE.compare(a.key, b.key);
            }
            return KeyOrder.INSTANCE.compare(a.isFolder() ? a.key + "/" : a.key, b.isFolder() ? b.key + "/" : b.key);
        }
    }
}
