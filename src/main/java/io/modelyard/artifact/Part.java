package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * The first bytes of a file, on disk, with the object that they are of beside them, so that a later attempt goes on where
 * this one ends, in this process or the next. For one thread at a time.
 */
final class Part implements AutoCloseable {
    private static final int CHUNK = 1 << 17;

    private final Path path;
    private final Path origin;
    private final List<String> source;
    private final FileChannel channel;
    private final MessageDigest sha256 = Verified.newSha256();
    private long size;
    private @Nullable String etag;

    private Part(Path path, Path origin, List<String> source) throws IOException {
        this.path = path;
        this.origin = origin;
        this.source = source;
        // It is read-only where the process was killed just before it became a blob.
        if (Files.exists(path) && !path.toFile().setWritable(true)) {
            throw new IOException(path + " cannot be made writable");
        }
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    /**
     * What there is of the file, perhaps nothing.
     *
     * @param location of the store
     * @param key of the object; what is there of another object is thrown away
     */
    static Part open(CacheFolder folder, ArtifactFile file, String location, String key) throws IOException {
        Part part = new Part(folder.part(file.sha256()), folder.origin(file.sha256()), List.of(location, key));
        try {
            part.resume(file.size());
            return part;
        } catch (IOException | RuntimeException e) {
            part.close();
            throw e;
        }
    }

    private void resume(long most) throws IOException {
        String known = knownETag();
        if (known == null || channel.size() > most) {
            reset();
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        while (channel.read(chunk) >= 0) {
            size += chunk.position();
            sha256.update(chunk.flip());
            chunk.clear();
        }
        etag = known;
    }

    private @Nullable String knownETag() throws IOException {
        try {
            List<String> lines = Files.readAllLines(origin);
            return lines.size() == 3 && lines.subList(0, 2).equals(source) ? lines.get(2) : null;
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    long size() {
        return size;
    }

    /** Of the object that the bytes are of; null while there are none. */
    @Nullable
    String etag() {
        return etag;
    }

    /** Says of which object the first bytes will be. */
    void begin(String etag) throws IOException {
        Path fresh = origin.resolveSibling(origin.getFileName() + ".new");
        Files.write(fresh, String.join("\n", source.get(0), source.get(1), etag).getBytes(StandardCharsets.UTF_8));
        Durably.move(fresh, origin);
        this.etag = etag;
    }

    void append(byte[] bytes, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        sha256.update(bytes, 0, length);
        size += length;
    }

    /** Back to nothing. */
    void reset() throws IOException {
        // First: bytes of the next object must not be taken for bytes of this one.
        Files.deleteIfExists(origin);
        channel.truncate(0);
        channel.position(0);
        sha256.reset();
        size = 0;
        etag = null;
    }

    /** SHA-256 of all bytes, in hex; asked once. */
    String digest() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Makes a blob of it: on disk, read-only, under its own name. */
    void complete(Path blob, Verified verified) throws IOException {
        channel.force(true);
        Links.readOnly(path);
        verified.stamp(path);
        Path parent = blob.resolveSibling("");
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
            Durably.syncFolder(parent.resolveSibling(""));
        }
        Durably.move(path, blob);
        Files.deleteIfExists(origin);
    }

    void delete() throws IOException {
        Files.deleteIfExists(origin);
        Files.deleteIfExists(path);
        size = 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
