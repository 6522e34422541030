package io.modelyard.runtime.tensorflow;

import com.google.protobuf.InvalidProtocolBufferException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one SavedModel, and the graph in it that is to be served.
 *
 * @see <a href="https://www.tensorflow.org/guide/saved_model#the_savedmodel_format_on_disk">the format on disk</a>
 */
record SavedModelFolder(Path folder, MetaGraphDef metaGraph) {
    private static final String MODEL_FILE = "saved_model.pb";
    private static final String ASSETS_COLLECTION = "saved_model_assets";

    static boolean isIn(ModelFiles files) {
        return files.paths().stream().anyMatch(SavedModelFolder::isModelFile);
    }

    /** Reads the graph that has exactly these tags, and makes sure that the folder stays inside the artifact. */
    static SavedModelFolder open(ModelFiles files, LoadOptions options) throws InvalidModelException {
        String modelFile = modelFile(files, options.path());
        Path folder = Optional.ofNullable(files.resolve(modelFile).getParent()).orElse(files.root());
        SavedModelFolder opened = new SavedModelFolder(folder, metaGraph(read(files, modelFile), options.tags()));
        opened.refuseSecondGraph();
        opened.refuseLinksOut(files.root());
        opened.refuseAssetsOutside();
        return opened;
    }

    /** Whether the values of variables are here. */
    boolean hasVariables() {
        return Files.exists(folder.resolve("variables").resolve("variables.index"));
    }

    /** The files that the model brings along, as the graph names them. */
    List<AssetFileDef> assets() throws InvalidModelException {
        List<AssetFileDef> assets = new ArrayList<>(metaGraph.getAssetFileDefList());
        try {
            for (var packed : metaGraph.getCollectionDefMap()
                    .getOrDefault(ASSETS_COLLECTION, CollectionDef.getDefaultInstance())
                    .getAnyList()
                    .getValueList()) {
                assets.add(AssetFileDef.parseFrom(packed.getValue()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidModelException(MODEL_FILE + " is damaged: its list of assets cannot be read", e);
        }
        return assets;
    }

    private static boolean isModelFile(String path) {
        return path.equals(MODEL_FILE) || path.endsWith("/" + MODEL_FILE);
    }

    private static String modelFile(ModelFiles files, Optional<String> wanted) throws InvalidModelException {
        List<String> found = files.paths().stream().filter(SavedModelFolder::isModelFile)
                .sorted(Comparator.comparingLong(SavedModelFolder::depth).thenComparing(path -> path)).toList();
        if (wanted.isPresent()) {
            String folder = wanted.get().replaceFirst("/+$", "");
            return found.stream().filter(path -> path.equals(folder) || path.equals(folder + "/" + MODEL_FILE))
                    .findFirst()
                    .orElseThrow(() -> new InvalidModelException("runtime_options.path is '" + wanted.get()
                            + "', but a " + MODEL_FILE + " is only at " + String.join(", ", found)));
        }
        if (found.isEmpty()) {
            throw new InvalidModelException("there is no " + MODEL_FILE + " among the files: push the folder that "
                    + "tf.saved_model.save wrote, or model.export() of Keras");
        }
        if (found.size() > 1 && depth(found.get(0)) == depth(found.get(1))) {
            throw new InvalidModelException("there are several SavedModels: " + String.join(", ", found)
                    + ". Say which with runtime_options.path");
        }
        return found.getFirst();
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    private static SavedModel read(ModelFiles files, String modelFile) throws InvalidModelException {
        try {
            SavedModel model = SavedModel.parseFrom(Files.readAllBytes(files.resolve(modelFile)));
            if (model.getMetaGraphsCount() == 0) {
                throw new InvalidModelException(modelFile + " holds no graph: it is empty or not a SavedModel");
            }
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidModelException(
                    modelFile + " is not a SavedModel, or was cut off or altered: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new InvalidModelException(modelFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static MetaGraphDef metaGraph(SavedModel model, List<String> tags) throws InvalidModelException {
        for (MetaGraphDef graph : model.getMetaGraphsList()) {
            if (new HashSet<>(graph.getMetaInfoDef().getTagsList()).equals(new HashSet<>(tags))) {
                return graph;
            }
        }
        throw new InvalidModelException("no graph of the SavedModel has the tags " + tags + "; it has graphs for "
                + model.getMetaGraphsList().stream().map(graph -> graph.getMetaInfoDef().getTagsList().toString())
                        .toList()
                + ". Name one of these with runtime_options.tags");
    }

    /** TensorFlow could take a second form of the graph, which nobody looked at, for the one that was read here. */
    private void refuseSecondGraph() throws InvalidModelException {
        if (Files.exists(folder.resolve("saved_model.cpb"))) {
            throw new InvalidModelException(
                    "beside saved_model.pb there is a saved_model.cpb: push only one of them, and "
                            + "that the .pb");
        }
    }

    private void refuseLinksOut(Path root) throws InvalidModelException {
        try (Stream<Path> tree = Files.walk(folder)) {
            Path realRoot = root.toRealPath();
            for (Path path : (Iterable<Path>) tree::iterator) {
                if (Files.isSymbolicLink(path) && !path.toRealPath().startsWith(realRoot)) {
                    throw new InvalidModelException(root.relativize(path) + " is a link out of the model's folder: "
                            + "push the file itself");
                }
            }
        } catch (IOException e) {
            throw new InvalidModelException("the folder of the SavedModel cannot be read: " + e.getMessage(), e);
        }
    }

    private void refuseAssetsOutside() throws InvalidModelException {
        Path assetsFolder = folder.resolve("assets").normalize();
        for (AssetFileDef asset : assets()) {
            String name = asset.getFilename();
            try {
                Path file = assetsFolder.resolve(name).normalize();
                if (!name.isEmpty() && file.startsWith(assetsFolder) && !file.equals(assetsFolder)) {
                    continue;
                }
            } catch (InvalidPathException e) {
                throw new InvalidModelException("the asset '" + name + "' has no name that a file can have", e);
            }
            throw new InvalidModelException("the asset '" + name + "' is outside of the model's folder assets");
        }
    }
}
