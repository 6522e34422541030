package io.modelyard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts models into a store's folder as a pipeline would by hand: files first, then the manifest. */
public final class TestStore {
    static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;

    public TestStore(Path root) {
        this.root = root;
    }

    /** Publishes a file, or all files of a folder, with a manifest of the required members. */
    public void publish(String type, String version, String runtime, Path model) {
        publish(type, version, runtime, model, manifest -> {});
    }

    /** @param more adds to the manifest before it is written */
    public void publish(String type, String version, String runtime, Path model, Consumer<ObjectNode> more) {
        ObjectNode manifest = manifest(type, version, runtime, model);
        more.accept(manifest);
        writeManifest(type, version, manifest.toString());
    }

    /** Writes whatever text as the manifest of a version. */
    public void writeManifest(String type, String version, String text) {
        try {
            Path path = root.resolve("registry").resolve(type).resolve(version + ".json");
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the files to their place and describes them. */
    public ObjectNode manifest(String type, String version, String runtime, Path model) {
        ObjectNode manifest = JSON.createObjectNode();
        manifest.put("schema_version", 1).put("type", type).put("version", version).put("runtime", runtime);
        manifest.put("created_at", Instant.now().minusSeconds(60).toString());
        ArrayNode files = manifest.putArray("files");
        Path folder = root.resolve("models").resolve(type).resolve(version);
        try {
            for (Path file : filesOf(model)) {
                String path = Files.isDirectory(model)
                        ? model.relativize(file).toString().replace('\\', '/')
                        : file.getFileName().toString();
                Path target = folder.resolve(path);
                Files.createDirectories(target.getParent());
                byte[] bytes = Files.readAllBytes(file);
                Files.write(target, bytes);
                files.addObject().put("path", path).put("size", bytes.length).put("sha256", sha256(bytes));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return manifest;
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> filesOf(Path model) throws IOException {
        if (!Files.isDirectory(model)) {
            return List.of(model);
        }
        try (Stream<Path> all = Files.walk(model)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
