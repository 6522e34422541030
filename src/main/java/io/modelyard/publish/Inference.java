package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The inference itself, in the process that loads the model. Safe for use by many threads. */
final class Inference {
    /** Another processor may add up in another order, and float32 has seven digits. */
    private static final double TOLERANCE = 1e-4;

    private final Clock clock;
    private final DocumentFormat format;

    Inference(Clock clock, DocumentFormat format) {
        this.clock = clock;
        this.format = format;
    }

    /**
     * Loads the model and describes it. The manifest names no push. Examples that come without outputs get the model's own
     * answers.
     *
     * @param by for {@code created_by}
     * @param fields what is known better than the model says
     * @throws InvalidModelException if the files cannot be read or loaded, or are not what the fields say
     * @throws ServingFailure.InvalidManifest if a server would not read the manifest with these fields
     */
    Manifest infer(ModelId id, ModelSource source, String by, ManifestFields fields)
            throws InvalidModelException {
        ModelSource chosen = fields.applyTo(source);
        try (DescribedModel model = DescribedModel.load(chosen.runtime(), chosen.files())) {
            List<ArtifactFile> files = FileDigest.of(chosen.files().root(), chosen.files().paths());
            Signature signature = named(model.signature(), chosen.provenance().columns());
            ObjectNode training = chosen.provenance().training().deepCopy();
            if (!training.has("framework")) {
                training.put("framework", chosen.runtime().name());
            }
            Manifest bare = new Manifest(1, id.type(), id.version(), chosen.runtime().name(), null, files,
                    signature.inputs(), signature.outputs(), List.of(), null, null, true, chosen.files().options(),
                    null, null, null, training, clock.instant(), by, Map.of());
            return withExamples(fields.over(bare, format), model, chosen);
        } catch (IOException e) {
            throw new InvalidModelException(chosen.files().root() + " cannot be read: " + e.getMessage(), e);
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

    private static Manifest withExamples(Manifest manifest, DescribedModel unnamed, ModelSource source)
            throws InvalidModelException {
        Signature own = unnamed.signature();
        boolean transformed = manifest.preprocessing() != null || manifest.postprocessing() != null;
        if (!transformed && manifest.inputs().equals(own.inputs()) && manifest.outputs().equals(own.outputs())) {
            return withExamples(manifest, source.provenance().exampleInputs(), unnamed);
        }
        try (DescribedModel named = DescribedModel.load(source.runtime(), source.files(), manifest)) {
            return withExamples(manifest, source.provenance().exampleInputs(), named);
        }
    }

    private static Manifest withExamples(Manifest manifest, @Nullable JsonNode brought, DescribedModel model)
            throws InvalidModelException {
        if (!manifest.examples().isEmpty()) {
            return answered(manifest, model);
        }
        List<JsonNode> rows = new ArrayList<>();
        if (brought != null) {
            rows.add(brought);
        }
        rows.addAll(MadeExample.rows(model.decoder()));
        return withFirst(rows, manifest, model);
    }

    /** The examples that somebody gave, each with outputs, unless the model answers otherwise every time. */
    private static Manifest answered(Manifest manifest, DescribedModel model) throws InvalidModelException {
        ExampleCheck.check(model, manifest);
        List<Example> examples = new ArrayList<>();
        for (Example example : manifest.examples()) {
            examples.add(example.outputs() == null ? answered(example, manifest, model) : example);
        }
        return manifest.withExamples(examples);
    }

    private static Example answered(Example example, Manifest manifest, DescribedModel model) {
        Double tolerance = example.tolerance() == null ? Double.valueOf(TOLERANCE) : example.tolerance();
        Example full = new Example(example.inputs(), ExampleCheck.answer(model, example.inputs()), tolerance);
        return isReproduced(full, manifest, model) ? full : new Example(example.inputs(), null, null);
    }

    /** A model whose answers differ from call to call can be warmed up by a row, not held to an answer. */
    private static boolean isReproduced(Example example, Manifest manifest, DescribedModel model) {
        try {
            ExampleCheck.check(model, manifest.withExamples(List.of(example)));
            return true;
        } catch (InvalidModelException drawnByLot) {
            return false;
        }
    }

    /** With the first row that the model answers, with numbers if there is such a row. */
    private static Manifest withFirst(List<JsonNode> rows, Manifest bare, DescribedModel model) {
        JsonNode best = null;
        JsonNode bestAnswer = null;
        for (JsonNode row : rows) {
            JsonNode answer = bestAnswer == null || hasNull(bestAnswer) ? answer(model, row) : null;
            if (answer != null && (bestAnswer == null || !hasNull(answer))) {
                best = row;
                bestAnswer = answer;
            }
        }
        if (best == null || bestAnswer == null) {
            return bare;
        }
        Example example = new Example(best, bestAnswer, TOLERANCE);
        return bare.withExamples(
                List.of(isReproduced(example, bare, model) ? example : new Example(best, null, null)));
    }

    private static @Nullable JsonNode answer(DescribedModel model, JsonNode row) {
        try {
            return ExampleCheck.answer(model, row);
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
