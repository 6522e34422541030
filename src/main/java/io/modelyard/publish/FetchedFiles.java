package io.modelyard.publish;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Opening;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A copy of objects of a store on local disk, removed when it is closed.
 *
 * @param folder holds the copy
 * @param name what the objects' folder is called in the store
 */
record FetchedFiles(WorkFolder folder, String name) implements AutoCloseable {
    /** @param prefix of the keys of all entries; what follows it is the path in the copy */
    static FetchedFiles of(ObjectStore store, String prefix, List<Entry> entries, Path workDirectory)
            throws IOException {
        FetchedFiles copy = new FetchedFiles(WorkFolder.create(workDirectory, "drop-"),
                store.location() + "/" + prefix.substring(0, prefix.length() - 1));
        boolean whole = false;
        try {
            for (Entry entry : entries) {
                Path file = copy.root().resolve(entry.key().substring(prefix.length()));
                Files.createDirectories(file.resolveSibling(""));
                fetch(store, entry.key(), file);
            }
            whole = true;
            return copy;
        } finally {
            if (!whole) {
                copy.close();
            }
        }
    }

    private static void fetch(ObjectStore store, String key, Path file) throws IOException {
        if (!(store.open(key, 0, null) instanceof Opening.Found found)) {
            throw new IOException("'" + key + "' was removed while it was to be copied");
        }
        try (InputStream in = found.bytes()) {
            Files.copy(in, file);
        }
    }

    Path root() {
        return folder.path();
    }

    /** Text about the copy, as text about the store. */
    String toStoreNames(String text) {
        return text.replace(root().toString(), name);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
