package io.modelyard.publish;

import io.modelyard.model.ModelId;
import io.modelyard.store.ObjectStore.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies below {@code models/} and was not pushed, sorted by where it lies.
 *
 * @param versions the files of each version in the order of their keys
 * @param misplaced key or folder → why nothing there can be a version
 */
record DroppedFiles(SortedMap<ModelId, List<Entry>> versions, SortedMap<String, String> misplaced) {
    static final String MODELS = "models/";
    private static final Set<String> MODEL_ENDINGS = Set.of("ubj", "json", "onnx", "pb", "xgb", "bst", "model", "pkl",
            "pickle", "joblib", "pt", "pth", "keras", "h5");

    /** @param entries a listing of {@code models/} */
    static DroppedFiles of(List<Entry> entries) {
        SortedMap<ModelId, List<Entry>> versions = new TreeMap<>();
        SortedMap<String, String> misplaced = new TreeMap<>();
        for (Entry entry : entries) {
            String[] segments = entry.key().substring(MODELS.length()).split("/", 4);
            if (segments.length < 3) {
                if (MODEL_ENDINGS.contains(ending(entry.key()))) {
                    misplaced.put(entry.key(),
                            "a model must lie in a folder for its version: models/<type>/<version>/, "
                                    + MODELS + (segments.length == 2 ? segments[0] : "penguins") + "/1/ for example");
                }
            } else if (segments.length == 3 || !PushId.isPushId(segments[2])) {
                try {
                    versions.computeIfAbsent(new ModelId(segments[0], segments[1]), id -> new ArrayList<>()).add(entry);
                } catch (IllegalArgumentException e) {
                    misplaced.put(MODELS + segments[0] + "/" + segments[1], e.getMessage() + "; rename the folder");
                }
            }
        }
        return new DroppedFiles(versions, misplaced);
    }

    /** The key of the manifest that publishes a version. */
    static String manifestKey(ModelId id) {
        return "registry/" + id.type() + "/" + id.version() + ".json";
    }

    /** {@code models/<type>/<version>/}. */
    static String folder(ModelId id) {
        return MODELS + id + "/";
    }

    /** Only what the registry does not know yet. */
    DroppedFiles without(Set<String> manifests) {
        SortedMap<ModelId, List<Entry>> rest = new TreeMap<>();
        for (Map.Entry<ModelId, List<Entry>> version : versions.entrySet()) {
            if (!manifests.contains(manifestKey(version.getKey()))) {
                rest.put(version.getKey(), version.getValue());
            }
        }
        return new DroppedFiles(rest, misplaced);
    }

    private static String ending(String key) {
        return key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
