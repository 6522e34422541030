package io.modelyard.openapi;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.transform.Transforms;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A type with the version that speaks for it.
 *
 * @param signature absent where the manifest leaves it to the model and this replica has not loaded that yet
 */
record ServedType(String type, Model model, @Nullable Signature signature) {

    Manifest manifest() {
        return model.manifest();
    }

    /** Only what callers rely on: what differs from training to training is gone. */
    ServedType contract() {
        return signature == null
                ? this
                : new ServedType(type, model, new Signature(
                        signature.inputs().stream().map(ServedType::withoutBounds).toList(), signature.outputs(),
                        signature.missingAllowed()));
    }

    private static TensorSpec withoutBounds(TensorSpec input) {
        List<Feature> features = input.features().stream()
                .map(feature -> new Feature(feature.name(), feature.unit(), null, null)).toList();
        return input.withFeatures(features);
    }

    /** How requests are read and answers told; empty where that is not known, or where the model cannot be loaded for it. */
    Optional<Transforms> transforms() {
        if (signature == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Transforms.of(new InputDecoder(signature), manifest().preprocessing(),
                    manifest().postprocessing()));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}
