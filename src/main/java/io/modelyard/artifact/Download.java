package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Opening;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Copies one file from the store to disk, and knows by its size and SHA-256 whether it is the right one. */
final class Download {
    private static final int CHUNK = 1 << 16;

    private Download() {}

    /** @throws ArtifactException if the file is not what the manifest says */
    static void to(Path folder, ArtifactFile file, ObjectStore store, String key)
            throws IOException, ArtifactException {
        Path target = folder.resolve(file.path()).normalize();
        if (!target.startsWith(folder)) {
            throw new ArtifactException("the path '" + file.path() + "' leaves the version's folder", null);
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        MessageDigest sha256 = sha256();
        long size = 0;
        if (!(store.open(key, 0, null) instanceof Opening.Found found)) {
            throw new ArtifactException(key + " is missing in " + store.location()
                    + "; publish the version again under another name", null);
        }
        try (InputStream in = found.bytes();
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                size += n;
                if (size > file.size()) {
                    throw new ArtifactException(key + " is larger than the " + file.size()
                            + " bytes that the manifest says; publish the version again under another name", null);
                }
                sha256.update(chunk, 0, n);
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            out.force(true);
        }
        if (size != file.size()) {
            throw new ArtifactException(key + " has " + size + " bytes, the manifest says " + file.size()
                    + "; publish the version again under another name", null);
        }
        String digest = HexFormat.of().formatHex(sha256.digest());
        if (!digest.equals(file.sha256())) {
            throw new ArtifactException(key + " has the SHA-256 " + digest + ", the manifest says " + file.sha256()
                    + "; publish the version again under another name", null);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
