package io.modelyard.bench;

import io.modelyard.model.Manifest;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.InvalidDocumentException;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** The documents of a registry as large as one likes; versions are dealt to the types in turn. */
final class ScaleDocuments {
    private final DocumentFormat format = new DocumentFormat();

    /** @param each gets key and content */
    void all(int versions, int types, BiConsumer<String, byte[]> each) throws InvalidDocumentException {
        for (int i = 0; i < versions; i++) {
            Manifest manifest = manifest(type(i % types), "1." + i / types);
            each.accept("registry/" + manifest.id() + ".json", format.write(manifest));
        }
        for (int i = 0; i < types; i++) {
            String type = type(i);
            each.accept("routing/" + type + "/0000000001.json",
                    """
                    {"type": "%s", "revision": 1, "active": "1.0",
                     "change": {"id": "fill-%d", "at": "2026-11-20T10:00:00Z", "action": "activate"}}
                    """.formatted(type, i).getBytes(StandardCharsets.UTF_8));
        }
    }

    static String type(int i) {
        return "type-%05d".formatted(i);
    }

    /** Of the size that a model of four features with an example has: 1.2 kB. */
    Manifest manifest(String type, String version) throws InvalidDocumentException {
        int seed = (type + version).hashCode();
        return format.readManifest(
                """
                {"schema_version": 1, "type": "%s", "version": "%s", "runtime": "xgboost", "push": "0199a3%s",
                 "files": [{"path": "model.ubj", "size": 48213, "sha256": "%064x"}],
                 "inputs": [{"name": "features", "dtype": "float32", "shape": [-1, 4], "features": [
                   {"name": "bill_length_mm", "unit": "mm", "minimum": 30, "maximum": 60},
                   {"name": "bill_depth_mm", "unit": "mm", "minimum": 13, "maximum": 22},
                   {"name": "flipper_length_mm", "unit": "mm", "minimum": 170, "maximum": 235},
                   {"name": "body_mass_g", "unit": "g", "minimum": 2700, "maximum": 6300}]}],
                 "outputs": [{"name": "probabilities", "dtype": "float32", "shape": [-1, 3],
                   "labels": ["Adelie", "Chinstrap", "Gentoo"]}],
                 "examples": [{"inputs": [[39.1, 18.7, 181, 3750]], "outputs": [[0.97, 0.02, 0.01]], "tolerance": 1e-6}],
                 "postprocessing": {"labels": true},
                 "training": {"framework": "xgboost 3.4.0", "dataset": "palmerpenguins", "metrics": {"accuracy": 0.98}},
                 "created_at": "2026-11-20T10:00:00Z", "created_by": "ci", "labels": {"team": "birds"}}
                """.formatted(
                        type, version, Integer.toHexString(seed), seed).getBytes(StandardCharsets.UTF_8));
    }
}
