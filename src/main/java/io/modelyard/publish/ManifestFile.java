package io.modelyard.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.InvalidDocumentException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a manifest that somebody wrote, with the model's files where they lie. Safe for use by many threads. */
@Singleton
public final class ManifestFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DocumentFormat format;
    private final List<ModelRuntime> runtimes;

    public ManifestFile(DocumentFormat format, List<ModelRuntime> runtimes) {
        this.format = format;
        this.runtimes = List.copyOf(runtimes);
    }

    /** Whether a file looks like a manifest; models may be JSON too. */
    public static boolean isManifest(Path file) {
        if (!Files.isRegularFile(file) || !file.toString().endsWith(".json")) {
            return false;
        }
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            return tree.has("runtime") && tree.has("files");
        } catch (JsonProcessingException notJson) {
            return false;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** @throws ServingFailure.InvalidManifest if a server would not read it */
    public Manifest read(Path file) throws IOException {
        try {
            return format.readManifest(Files.readAllBytes(file));
        } catch (InvalidDocumentException e) {
            throw new ServingFailure.InvalidManifest(String.valueOf(e.getMessage()));
        }
    }

    /** The model of the manifest: beside it, or where they both lie as in a store; empty where not all files are there. */
    public Optional<ModelSource> model(Path file, Manifest manifest) {
        Path folder = file.toAbsolutePath().normalize().resolveSibling("");
        for (Path root : List.of(folder, folder.resolve("../..").normalize().resolve(manifest.filesPrefix()))) {
            if (manifest.files().stream().allMatch(each -> Files.isRegularFile(root.resolve(each.path())))) {
                ModelFiles files = new ModelFiles(root, manifest.files().stream().map(ArtifactFile::path).toList(),
                        manifest.runtimeOptions());
                return runtimes.stream().filter(runtime -> runtime.name().equals(manifest.runtime())).findFirst()
                        .map(runtime -> new ModelSource(runtime, files, Provenance.unknown()));
            }
        }
        return Optional.empty();
    }
}
