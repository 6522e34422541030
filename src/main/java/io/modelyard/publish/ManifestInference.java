package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Writes the manifest that nobody wrote: what the model says of itself, and an example with the model's own answer. What
 * its outputs are called cannot be known, so there are no labels. Safe for use by many threads.
 */
@Singleton
public final class ManifestInference {
    /** Another processor may add up in another order, and float32 has seven digits. */
    private static final double TOLERANCE = 1e-4;

    private final Clock clock;

    public ManifestInference(Clock clock) {
        this.clock = clock;
    }

    /**
     * Loads the model and describes it. The manifest names no push.
     *
     * @param by for {@code created_by}
     * @throws InvalidModelException if the files cannot be read or loaded
     */
    public Manifest infer(ModelId id, ModelSource source, String by) throws InvalidModelException {
        try (DescribedModel model = DescribedModel.load(source.runtime(), source.files())) {
            List<ArtifactFile> files = FileDigest.of(source.files().root(), source.files().paths());
            Signature signature = named(model.signature(), source.provenance().columns());
            ObjectNode training = source.provenance().training().deepCopy();
            if (!training.has("framework")) {
                training.put("framework", source.runtime().name());
            }
            Manifest bare = new Manifest(1, id.type(), id.version(), source.runtime().name(), null, files,
                    signature.inputs(), signature.outputs(), List.of(), null, null, true, source.files().options(),
                    null,
                    null, training, clock.instant(), by, Map.of());
            return withExample(bare, model, signature, source);
        } catch (IOException e) {
            throw new InvalidModelException(source.files().root() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The model's signature with the names of its columns where it has none of its own. */
    private static Signature named(Signature signature, List<String> columns) {
        TensorSpec input = signature.inputs().getFirst();
        Shape shape = input.shape();
        boolean fits = signature.inputs().size() == 1 && input.features().isEmpty() && shape.rank() == 2
                && shape.dim(1) == columns.size() && new HashSet<>(columns).size() == columns.size();
        if (!fits) {
            return signature;
        }
        return new Signature(List.of(input.withFeatures(columns.stream().map(Feature::named).toList())),
                signature.outputs(), signature.missingAllowed());
    }

    private static Manifest withExample(Manifest bare, DescribedModel unnamed, Signature signature, ModelSource source)
            throws InvalidModelException {
        List<JsonNode> rows = new ArrayList<>();
        JsonNode brought = source.provenance().exampleInputs();
        if (brought != null) {
            rows.add(brought);
        }
        rows.addAll(MadeExample.rows(signature));
        if (signature.equals(unnamed.signature())) {
            return withFirst(rows, bare, unnamed);
        }
        try (DescribedModel named = DescribedModel.load(source.runtime(), source.files(), bare)) {
            return withFirst(rows, bare, named);
        }
    }

    /** With the first row that the model answers, with numbers if there is such a row. */
    private static Manifest withFirst(List<JsonNode> rows, Manifest bare, DescribedModel model) {
        JsonNode best = null;
        JsonNode bestAnswer = null;
        for (JsonNode row : rows) {
            JsonNode answer = bestAnswer == null || hasNull(bestAnswer) ? answer(model, bare, row) : null;
            if (answer != null && (bestAnswer == null || !hasNull(answer))) {
                best = row;
                bestAnswer = answer;
            }
        }
        if (best == null || bestAnswer == null) {
            return bare;
        }
        Manifest proven = bare.withExamples(List.of(new Example(best, bestAnswer, TOLERANCE)));
        try {
            ExampleCheck.check(model, proven);
            return proven;
        } catch (InvalidModelException drawnByLot) {
            // A model whose answers differ from call to call can be warmed up by the row, not held to an answer.
            return bare.withExamples(List.of(new Example(best, null, null)));
        }
    }

    private static @Nullable JsonNode answer(DescribedModel model, Manifest manifest, JsonNode row) {
        try {
            return ExampleCheck.answer(model, manifest, row);
        } catch (InvalidInputException | InferenceException refused) {
            // Of a row that was guessed: another may suit the model, and it is served without an example too.
            return null;
        }
    }

    private static boolean hasNull(JsonNode answer) {
        if (!answer.isContainerNode()) {
            return answer.isNull();
        }
        for (JsonNode part : answer) {
            if (hasNull(part)) {
                return true;
            }
        }
        return false;
    }
}
