package io.modelyard.artifact;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a version consists of and where it comes from. Written beside the files, so that they can be counted, verified and
 * fetched again by whoever does not know the manifest.
 *
 * @param digest of the model
 * @param model its name, for people
 * @param prefix of the files' keys in the store
 * @param copied whether the files are copies of the blobs and not links to them; said when the folder is built
 */
record Contents(String digest, String model, String prefix, boolean copied, List<ArtifactFile> files) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if a digest is none, since digests become names of files */
    Contents {
        requireDigest(digest);
        files.forEach(file -> requireDigest(file.sha256()));
        files = List.copyOf(files);
    }

    static Contents of(Model model) {
        Manifest manifest = model.manifest();
        return new Contents(model.digest(), model.id().toString(), manifest.filesPrefix(), false, manifest.files());
    }

    Contents asCopied(boolean copied) {
        return new Contents(digest, model, prefix, copied, files);
    }

    static Contents read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), Contents.class);
    }

    void write(Path file) throws IOException {
        Durably.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    String key(ArtifactFile file) {
        return prefix + file.path();
    }

    /** The files that differ in content, by their SHA-256. */
    Map<String, ArtifactFile> blobs() {
        Map<String, ArtifactFile> blobs = new HashMap<>();
        files.forEach(file -> blobs.putIfAbsent(file.sha256(), file));
        return blobs;
    }

    boolean holdsAny(Set<String> blobs) {
        return files.stream().anyMatch(file -> blobs.contains(file.sha256()));
    }

    long totalSize() {
        return files.stream().mapToLong(ArtifactFile::size).sum();
    }

    private static void requireDigest(String digest) {
        if (!SHA256.matcher(digest).matches()) {
            throw new IllegalArgumentException("'" + digest + "' is no SHA-256 in lower-case hex");
        }
    }
}
