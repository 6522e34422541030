package io.modelyard.publish;

import io.modelyard.model.ArtifactFile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Size and SHA-256 of files, as a manifest names them. */
final class FileDigest {
    private static final int BUFFER = 1 << 17;

    private FileDigest() {}

    /** In the order of the paths. */
    static List<ArtifactFile> of(Path root, List<String> paths) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String path : paths) {
            files.add(of(root, path));
        }
        return files;
    }

    private static ArtifactFile of(Path root, String path) throws IOException {
        MessageDigest sha256 = sha256();
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(root.resolve(path))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
                size += read;
            }
        }
        return new ArtifactFile(path, size, HexFormat.of().formatHex(sha256.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
