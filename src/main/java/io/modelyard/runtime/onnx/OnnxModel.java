package io.modelyard.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A session of ONNX Runtime. The session itself may be run by many threads at once. */
final class OnnxModel implements LoadedModel {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Signature signature;
    private final List<String> warnings;
    private final Map<String, TensorSpec> outputs = new HashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    OnnxModel(OrtEnvironment environment, OrtSession session, Signature signature, List<String> warnings) {
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        this.warnings = List.copyOf(warnings);
        signature.outputs().forEach(output -> outputs.put(output.name(), output));
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, List<String> names) {
        Map<String, OnnxTensor> given = HashMap.newHashMap(inputs.size());
        try (Arena memory = Arena.ofConfined()) {
            try {
                for (int i = 0; i < inputs.size(); i++) {
                    given.put(signature.inputs().get(i).name(),
                            NativeTensors.give(environment, memory, inputs.get(i)));
                }
                try (OrtSession.Result result = session.run(given, new LinkedHashSet<>(names))) {
                    List<Tensor> answers = new ArrayList<>(names.size());
                    for (String name : names) {
                        answers.add(answer(name, result));
                    }
                    return answers;
                }
            } finally {
                given.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException e) {
            throw new InferenceException(LibraryMessage.readable(e), e);
        }
    }

    private Tensor answer(String name, OrtSession.Result result) {
        TensorSpec spec = outputs.get(name);
        OnnxValue value = result.get(name).orElse(null);
        if (spec == null || !(value instanceof OnnxTensor tensor)) {
            throw new InferenceException("the model gave no tensor '" + name + "'", null);
        }
        Shape shape = Shape.of(tensor.getInfo().getShape());
        return NativeTensors.take(tensor, spec.dtype(), spec.labels().isEmpty() ? shape : perRow(spec, shape));
    }

    /** The shape of probabilities: those of a single row may come without an axis for it. */
    private static Shape perRow(TensorSpec spec, Shape shape) {
        Shape rows = shape.rank() == 1 ? shape.times(1) : shape;
        if (!spec.shape().accepts(rows)) {
            throw new InferenceException("output '" + spec.name() + "' came out as " + shape + ", but the model names "
                    + spec.labels().size() + " classes", null);
        }
        return rows;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("the session could not be freed: " + LibraryMessage.readable(e), e);
            }
        }
    }
}
