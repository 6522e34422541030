package io.modelyard.store.directory;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * An object store that is a folder with the layout of a bucket; files put there by hand are objects too.
 *
 * <p>
 * Writing is atomic and durable: the bytes go to a hidden file of the same file system and are forced to disk; then
 * create-only is a hard link to it (which fails where the name is taken, unlike a rename), and overwriting is a rename.
 * So the file system must know hard links. Hidden files and symbolic links are not objects. Several processes may use
 * one folder at once. Safe for use by many threads.
 */
public final class DirectoryStore implements ObjectStore {
    /** How often a write is tried that another thread's clearing of empty folders, or a writer, got in the way of. */
    private static final int TRIES = 20;
    private static final int PAGE = 1000;

    private final Folder folder;
    private final Incoming incoming;
    private final ETags etags;

    /** @throws StoreException if the folder is missing and cannot be made */
    public DirectoryStore(Path root) {
        this(root, Clock.systemUTC());
    }

    /** @param clock one that agrees with the file system's */
    DirectoryStore(Path root, Clock clock) {
        try {
            this.folder = new Folder(root.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new StoreException("cannot open the directory store " + root.toAbsolutePath() + ": " + reason(e)
                    + "; modelyard.store.uri must name a folder that exists or can be made", e);
        }
        this.incoming = new Incoming(folder.root());
        this.etags = new ETags(clock);
        incoming.removeAbandoned(clock);
    }

    @Override
    public List<Entry> list(String prefix, String startAfter) {
        return listed(prefix, startAfter, Integer.MAX_VALUE).entries();
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return listed(prefix, startAfter, PAGE);
    }

    private Page listed(String prefix, String startAfter, int most) {
        try {
            ObjectKey.checkPrefix(prefix);
            folder.checkPresent();
            int slash = prefix.lastIndexOf('/');
            Path start = slash < 0 ? folder.root() : folder.resolve(prefix.substring(0, slash));
            if (!folder.isPlain(start)) {
                return new Page(List.of(), true);
            }
            Listing listing = new Listing(folder, etags, prefix, startAfter, most);
            List<Entry> entries = listing.below(start);
            folder.checkPresent();
            etags.forgetUnlisted(prefix, startAfter, entries, listing.isFull());
            return new Page(entries, !listing.isFull());
        } catch (IOException e) {
            throw failure("list", prefix, e);
        }
    }

    @Override
    public Optional<Content> get(String key) {
        try {
            Path path = folder.resolve(key);
            for (int tries = 0; tries < TRIES; tries++) {
                if (!present(path)) {
                    return Optional.empty();
                }
                FileStat before = FileStat.of(path);
                byte[] bytes = Files.readAllBytes(path);
                if (bytes.length <= ETags.HASHED) {
                    return Optional.of(new Content(bytes, ETags.ofBytes(bytes)));
                }
                if (before.equals(FileStat.of(path))) {
                    return Optional.of(new Content(bytes, ETags.ofStat(before)));
                }
            }
            throw new IOException("it is written to all the time");
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read", key, e);
        }
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        try {
            Path path = folder.resolve(key);
            if (!present(path)) {
                return new Changed.Absent();
            }
            if (etags.of(key, path, FileStat.of(path)).equals(etag)) {
                return new Changed.NotModified();
            }
        } catch (NoSuchFileException gone) {
            return new Changed.Absent();
        } catch (IOException e) {
            throw failure("read", key, e);
        }
        Optional<Content> content = get(key);
        if (content.isEmpty()) {
            return new Changed.Absent();
        }
        return content.get().etag().equals(etag) ? new Changed.NotModified() : new Changed.Found(content.get());
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        try {
            Path path = folder.resolve(key);
            if (!present(path)) {
                return new Opening.Absent();
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                // Of the name, so after the file is open: a name that is given to another file says so here.
                String found = etags.of(key, path, FileStat.of(path));
                if (etag != null && !etag.equals(found)) {
                    channel.close();
                    return new Opening.Replaced();
                }
                channel.position(offset);
                return new Opening.Found(Channels.newInputStream(channel), found);
            } catch (IOException | IllegalArgumentException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException gone) {
            return new Opening.Absent();
        } catch (IOException e) {
            throw failure("open", key, e);
        }
    }

    @Override
    public Creation create(String key, byte[] content) {
        return create(key, () -> incoming.write(content));
    }

    @Override
    public Creation create(String key, Path file) {
        return create(key, () -> incoming.copy(file));
    }

    private Creation create(String key, Source source) {
        try {
            Path target = folder.resolve(key);
            if (present(target)) {
                return new Creation.Exists();
            }
            Path file = source.write();
            try {
                String etag = ETags.ofFile(file);
                named(target, () -> Files.createLink(target, file));
                return new Creation.Created(etag);
            } catch (FileAlreadyExistsException taken) {
                if (Files.isDirectory(target)) {
                    throw new IOException("there are objects below it, so it is a folder", taken);
                }
                return new Creation.Exists();
            } catch (UnsupportedOperationException e) {
                throw new IOException("the file system knows no hard links; use another, or an S3 bucket", e);
            } finally {
                incoming.discard(file);
            }
        } catch (IOException e) {
            throw failure("create", key, e);
        }
    }

    @Override
    public String put(String key, byte[] content) {
        try {
            Path target = folder.resolve(key);
            Path file = incoming.write(content);
            try {
                String etag = ETags.ofFile(file);
                named(target, () -> Files.move(file, target, StandardCopyOption.ATOMIC_MOVE));
                return etag;
            } finally {
                incoming.discard(file);
            }
        } catch (IOException e) {
            throw failure("write", key, e);
        }
    }

    @Override
    public void delete(String key) {
        try {
            Path path = folder.resolve(key);
            if (present(path) && Files.deleteIfExists(path)) {
                folder.pruneParents(path);
            }
        } catch (IOException e) {
            throw failure("delete", key, e);
        }
    }

    @Override
    public String location() {
        return folder.root().toString();
    }

    /** Whether the object is there; fails where that cannot be known because the whole folder is gone. */
    private boolean present(Path path) throws IOException {
        if (folder.holdsObject(path)) {
            return true;
        }
        folder.checkPresent();
        return false;
    }

    /** Gives a file its name, durably. Folders that a concurrent delete clears away are made again. */
    private void named(Path target, Naming naming) throws IOException {
        for (int tries = 1;; tries++) {
            try {
                folder.makeParents(target);
                naming.run();
                Path parent = target.getParent();
                if (parent != null) {
                    Folder.sync(parent);
                }
                return;
            } catch (NoSuchFileException cleared) {
                if (tries == TRIES) {
                    throw cleared;
                }
            }
        }
    }

    private StoreException failure(String operation, String key, IOException cause) {
        return new StoreException(
                "cannot " + operation + " '" + key + "' in the directory store " + location() + ": " + reason(cause),
                cause, cause instanceof AccessDeniedException);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException denied -> "permission denied for " + denied.getMessage()
                    + "; give this process the right to it";
            case NoSuchFileException absent -> "there is no " + absent.getMessage();
            case NotDirectoryException file -> file.getMessage() + " is not a folder, or not there any more";
            case FileAlreadyExistsException file -> file.getMessage() + " is not a folder";
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private interface Source {
        Path write() throws IOException;
    }

    private interface Naming {
        void run() throws IOException;
    }
}
