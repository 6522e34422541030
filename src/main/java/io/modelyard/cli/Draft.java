package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.publish.ManifestFields;
import io.modelyard.publish.ManifestInference;
import io.modelyard.publish.ModelFinder;
import io.modelyard.publish.ModelSource;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.runtime.InvalidModelException;

import java.nio.file.Path;

/** A model on this machine, and the manifest that it would be published with. */
record Draft(ModelSource source, Manifest manifest) {
    /**
     * Finds and describes the model.
     *
     * @throws InvalidModelException if there is none that can be served
     */
    static Draft of(Workbench workbench, ModelId id, Path model, ManifestFields fields) throws InvalidModelException {
        ModelSource source = workbench.bean(ModelFinder.class).find(model);
        Manifest manifest = workbench.bean(ManifestInference.class).infer(id, source, Author.name(), fields);
        // The model's engine is loaded now; who is killed cannot remove its files any more.
        new NativeLibraries().removeLoaded();
        return new Draft(source, manifest);
    }

    /** {@code 2 files, 48.2 kB, xgboost}. */
    static String summary(Manifest manifest) {
        return Console.files(manifest.files().size()) + ", " + Console.size(manifest.totalSize()) + ", "
                + manifest.runtime();
    }

    /** The facts of a version that results have in common. */
    static ObjectNode facts(Manifest manifest) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("type", manifest.type())
                .put("version", manifest.version()).put("runtime", manifest.runtime())
                .put("size_bytes", manifest.totalSize());
        ArrayNode files = facts.putArray("files");
        for (ArtifactFile file : manifest.files()) {
            files.addObject().put("path", file.path()).put("size", file.size()).put("sha256", file.sha256());
        }
        return facts;
    }

    /** The manifest as it would be stored. */
    ObjectNode document(Workbench workbench) {
        return workbench.bean(DocumentFormat.class).members(manifest);
    }
}
