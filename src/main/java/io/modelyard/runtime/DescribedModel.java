package io.modelyard.runtime;

import io.modelyard.model.Manifest;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Rows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.transform.Transforms;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A loaded model as its manifest describes it: names, feature names and labels of the manifest over the model's own, and
 * rows in, rows out, also where the model takes one row a call. Safe for use by many threads until it is closed.
 */
public final class DescribedModel implements AutoCloseable {
    private final LoadedModel loaded;
    private final SignatureMatch match;
    private final Transforms transforms;

    private DescribedModel(LoadedModel loaded, SignatureMatch match, Transforms transforms) {
        this.loaded = loaded;
        this.match = match;
        this.transforms = transforms;
    }

    /**
     * Loads a model and holds it against its manifest.
     *
     * @throws InvalidModelException if the files cannot be served, or contradict the manifest
     */
    public static DescribedModel load(ModelRuntime runtime, ModelFiles files, Manifest manifest)
            throws InvalidModelException {
        return load(runtime, files, manifest.inputs(), manifest.outputs(), manifest);
    }

    /** As the model itself describes it. */
    public static DescribedModel load(ModelRuntime runtime, ModelFiles files) throws InvalidModelException {
        return load(runtime, files, List.of(), List.of(), null);
    }

    private static DescribedModel load(ModelRuntime runtime, ModelFiles files, List<TensorSpec> inputs,
            List<TensorSpec> outputs, @Nullable Manifest manifest) throws InvalidModelException {
        LoadedModel loaded = runtime.load(files);
        try {
            SignatureMatch match = SignatureMatch.of(inputs, outputs, loaded.signature(), runtime.namesTensors());
            return new DescribedModel(loaded, match, transforms(match.signature(), manifest));
        } catch (InvalidModelException | RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    private static Transforms transforms(Signature signature, @Nullable Manifest manifest)
            throws InvalidModelException {
        try {
            return Transforms.of(new InputDecoder(signature), manifest == null ? null : manifest.preprocessing(),
                    manifest == null ? null : manifest.postprocessing());
        } catch (InvalidInputException e) {
            throw new InvalidModelException("the manifest's " + e.getMessage(), e);
        }
    }

    public Signature signature() {
        return match.signature();
    }

    /** What the manifest says is done before and after. */
    public Transforms transforms() {
        return transforms;
    }

    /** Of requests that say nothing of pre-processing. */
    public InputDecoder decoder() {
        return transforms.preprocessing().decoder();
    }

    public List<String> warnings() {
        return loaded.warnings();
    }

    /**
     * Computes the named outputs for all rows.
     *
     * @param outputs names of outputs of the signature, at least one
     * @return one tensor for each named output; the first axis of each counts the rows
     * @throws InferenceException if the library refuses, or answers with another number of rows
     */
    public List<Tensor> run(InputRows rows, List<String> outputs) {
        List<String> names = outputs.stream().map(name -> match.modelNames().getOrDefault(name, name)).toList();
        return signature().isBatched() ? runAtOnce(rows, names) : runRowByRow(rows, names);
    }

    private List<Tensor> runAtOnce(InputRows rows, List<String> names) {
        List<Tensor> answers = loaded.run(rows.tensors(), names);
        for (int i = 0; i < answers.size(); i++) {
            Shape shape = answers.get(i).shape();
            if (shape.rank() == 0 || shape.dim(0) != rows.rows()) {
                throw new InferenceException("output '" + names.get(i) + "' has the shape " + shape + " for "
                        + rows.rows() + " rows: its first axis must count the rows", null);
            }
        }
        return answers;
    }

    private List<Tensor> runRowByRow(InputRows rows, List<String> names) {
        List<List<Tensor>> answers = new ArrayList<>();
        for (int row = 0; row < rows.rows(); row++) {
            List<Tensor> call = new ArrayList<>();
            for (int i = 0; i < rows.tensors().size(); i++) {
                call.add(oneRow(rows.tensors().get(i), row, signature().inputs().get(i)));
            }
            answers.add(loaded.run(call, names));
        }
        List<Tensor> stacked = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int output = i;
            stacked.add(stack(answers.stream().map(answer -> withoutRowAxis(answer.get(output))).toList(),
                    names.get(i)));
        }
        return stacked;
    }

    /** One row in the shape that the model takes: a first axis that counts rows is 1 long. */
    private static Tensor oneRow(Tensor rows, int row, TensorSpec input) {
        Tensor one = Rows.slice(rows, row, 1);
        return input.shape().rank() == one.shape().rank() ? one : Rows.reshape(one, one.shape().row());
    }

    private static Tensor withoutRowAxis(Tensor answer) {
        Shape shape = answer.shape();
        return shape.rank() > 1 && shape.dim(0) == 1 ? Rows.reshape(answer, shape.row()) : answer;
    }

    private static Tensor stack(List<Tensor> rows, String output) {
        try {
            return Rows.stack(rows);
        } catch (IllegalArgumentException e) {
            throw new InferenceException(
                    "output '" + output + "' has another shape for each row; send one row a request",
                    e);
        }
    }

    @Override
    public void close() {
        loaded.close();
    }
}
