package io.modelyard.store.directory;

import io.modelyard.store.ObjectStore.Entry;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects the objects below a folder. Folders that the prefix excludes are not entered; links and hidden files are
 * not objects. A file that disappears meanwhile is left out; whatever else cannot be read fails the listing.
 */
final class Listing extends SimpleFileVisitor<Path> {
    private final Folder folder;
    private final ETags etags;
    private final String prefix;
    private final String startAfter;
    private final List<Entry> found = new ArrayList<>();

    Listing(Folder folder, ETags etags, String prefix, String startAfter) {
        this.folder = folder;
        this.etags = etags;
        this.prefix = prefix;
        this.startAfter = startAfter;
    }

    List<Entry> sorted() {
        found.sort(Comparator.comparing(Entry::key, KeyOrder.INSTANCE));
        return List.copyOf(found);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        if (directory.equals(folder.root())) {
            return FileVisitResult.CONTINUE;
        }
        String key = folder.keyOf(directory) + "/";
        boolean within = key.startsWith(prefix) || prefix.startsWith(key);
        return within && !isHidden(directory) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isRegularFile() && !isHidden(file)) {
            String key = folder.keyOf(file);
            if (key.startsWith(prefix) && KeyOrder.INSTANCE.compare(key, startAfter) > 0) {
                add(key, file);
            }
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        if (failure != null && !(failure instanceof NoSuchFileException)) {
            throw failure;
        }
        return FileVisitResult.CONTINUE;
    }

    private void add(String key, Path file) throws IOException {
        try {
            FileStat stat = FileStat.of(file);
            found.add(new Entry(key, stat.size(), etags.of(key, file, stat), stat.modified()));
        } catch (NoSuchFileException gone) {
            // Deleted since its folder was read: a listing taken a moment later would not show it either.
        }
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && ObjectKey.isHidden(name.toString());
    }
}
