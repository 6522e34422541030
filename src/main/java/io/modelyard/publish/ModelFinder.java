package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the one model that a path means: a model file, the folder of a SavedModel, a folder that MLflow saved, or a
 * folder with one of these in it. It looks at names and first bytes and loads nothing. Safe for use by many threads.
 */
@Singleton
public final class ModelFinder {
    private final List<ModelRuntime> runtimes;

    public ModelFinder(List<ModelRuntime> runtimes) {
        this.runtimes = List.copyOf(runtimes);
    }

    /**
     * Refuses what no runtime will ever take, so before any is there.
     *
     * @throws InvalidModelException if there is nothing at the path, or a file in a format that must be converted first
     */
    public static void checkFormat(Path named) throws InvalidModelException {
        if (!Files.exists(named)) {
            throw new InvalidModelException("there is no file or folder " + named);
        }
        if (Files.isRegularFile(named)) {
            Optional<String> advice = Conversion.of(named);
            if (advice.isPresent()) {
                throw new InvalidModelException(advice.get());
            }
        }
    }

    /** @throws InvalidModelException with what there is instead of one model, and what to do */
    public ModelSource find(Path named) throws InvalidModelException {
        checkFormat(named);
        Path path = named.toAbsolutePath().normalize();
        try {
            if (Files.isDirectory(path)) {
                return inFolder(path);
            }
            Path folder = path.getParent();
            String name = String.valueOf(path.getFileName());
            if (folder != null && (name.equals("saved_model.pb") || name.equals(MlflowFolder.FILE))) {
                return inFolder(folder);
            }
            return ofFile(folder == null ? path : folder, name);
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidModelException(named + " cannot be read: " + e.getMessage(), e);
        }
    }

    private ModelSource ofFile(Path folder, String name) throws InvalidModelException, IOException {
        List<ModelSource> found = recognised(folder, List.of(List.of(name)), Map.of(), Provenance.unknown());
        if (found.isEmpty()) {
            throw new InvalidModelException(name + " is no model that is served: " + served());
        }
        return one(found);
    }

    private ModelSource inFolder(Path folder) throws InvalidModelException, IOException {
        List<String> paths = FolderListing.of(folder);
        if (paths.isEmpty()) {
            throw new InvalidModelException("the folder " + folder + " has no files");
        }
        if (paths.contains(MlflowFolder.FILE)) {
            return ofMlflow(MlflowFolder.read(folder), folder, paths);
        }
        List<ModelSource> found = recognised(folder, FolderListing.candidates(paths), Map.of(),
                Provenance.unknown());
        if (found.isEmpty()) {
            throw unserved(folder, paths).orElseGet(() -> new InvalidModelException("there is no model in " + folder
                    + ": " + served()));
        }
        return one(found);
    }

    private ModelSource ofMlflow(MlflowFolder mlflow, Path folder, List<String> paths)
            throws InvalidModelException, IOException {
        List<String> below = paths.stream()
                .filter(path -> path.equals(mlflow.data()) || path.startsWith(mlflow.data() + "/")).toList();
        if (below.isEmpty()) {
            throw new InvalidModelException(mlflow.data() + ", which " + folder.resolve(MlflowFolder.FILE)
                    + " names as the model, is not there: download the whole folder");
        }
        boolean old = below.stream().anyMatch(path -> Conversion.of(folder.resolve(path)).isPresent());
        List<ModelSource> found = old ? List.of()
                : recognised(folder, FolderListing.candidates(below), mlflow.options(), mlflow.provenance());
        if (found.isEmpty()) {
            throw new InvalidModelException(mlflow.conversion());
        }
        return one(found);
    }

    private List<ModelSource> recognised(Path root, List<List<String>> candidates, Map<String, JsonNode> options,
            Provenance provenance) throws IOException {
        List<ModelSource> found = new ArrayList<>();
        for (List<String> candidate : candidates) {
            ModelFiles files = new ModelFiles(root, withExternalData(root, candidate), options);
            for (ModelRuntime runtime : runtimes) {
                if (runtime.recognises(files)) {
                    found.add(new ModelSource(runtime, files, provenance));
                }
            }
        }
        return found;
    }

    private static List<String> withExternalData(Path root, List<String> candidate) throws IOException {
        String first = candidate.getFirst();
        if (candidate.size() != 1 || !first.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            return candidate;
        }
        List<String> all = new ArrayList<>(candidate);
        String folder = first.substring(0, first.lastIndexOf('/') + 1);
        for (String location : ExternalData.of(root.resolve(first))) {
            // Only files below the model's folder can go with it; the runtime says what is wrong with any other.
            Path beside = Path.of(folder + location).normalize();
            if (!beside.isAbsolute() && !beside.startsWith("..") && Files.isRegularFile(root.resolve(beside))) {
                all.add(FolderListing.slashed(beside));
            }
        }
        return all;
    }

    private static ModelSource one(List<ModelSource> found) throws InvalidModelException {
        if (found.size() > 1) {
            throw new InvalidModelException("there are several models in " + found.getFirst().files().root() + " ("
                    + String.join(", ", found.stream().map(source -> source.files().paths().getFirst()).toList())
                    + "): name one of them, or leave only that one there");
        }
        return found.getFirst();
    }

    private static Optional<InvalidModelException> unserved(Path folder, List<String> paths) {
        for (String path : paths) {
            Optional<String> advice = Conversion.of(folder.resolve(path));
            if (advice.isPresent()) {
                return Optional.of(new InvalidModelException(advice.get()));
            }
        }
        return Optional.empty();
    }

    private String served() {
        return "served are XGBoost models saved by Booster.save_model as .ubj or .json, ONNX models (.onnx) and folders "
                + "of TensorFlow's SavedModel; the runtimes here are "
                + String.join(", ", runtimes.stream().map(ModelRuntime::name).sorted().toList());
    }
}
