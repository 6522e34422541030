package io.modelyard.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.tensorflow.BoundSignature.Port;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One signature of a loaded SavedModel. Calls share the session and nothing else. */
final class TensorflowModel implements LoadedModel {
    private final NativeSession session;
    private final List<Port> inputs;
    private final List<Port> outputs;
    private final Signature signature;
    private final List<String> warnings;
    private final TF_Output feeds;
    /** What is fetched for a request of all outputs, the usual one. */
    private final List<Port> allFetched;
    private final TF_Output allFetches;
    private final AtomicBoolean closed = new AtomicBoolean();

    TensorflowModel(NativeSession session, BoundSignature bound, List<String> warnings) {
        this.session = session;
        this.inputs = bound.inputs();
        this.outputs = bound.outputs();
        this.signature = bound.signature();
        this.warnings = List.copyOf(warnings);
        this.feeds = NativeSession.outputs(inputs.stream().map(Port::endpoint).toList());
        this.allFetched = computed(outputs);
        this.allFetches = NativeSession.outputs(allFetched.stream().map(Port::endpoint).toList());
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
    public List<Tensor> run(List<Tensor> values, List<String> names) {
        if (closed.get()) {
            throw new IllegalStateException("the model is closed");
        }
        List<Port> wanted = ports(names);
        List<Port> fetched = computed(wanted);
        Tensor[] computed = fetched.isEmpty() ? new Tensor[0] : compute(values, fetched);
        List<Tensor> answers = new ArrayList<>(wanted.size());
        int next = 0;
        for (Port port : wanted) {
            int echo = echoed(port);
            answers.add(echo >= 0 ? values.get(echo) : computed[next++]);
        }
        return answers;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            session.close();
            feeds.close();
            allFetches.close();
        }
    }

    private Tensor[] compute(List<Tensor> values, List<Port> fetched) {
        @Nullable
        TF_Tensor[] fed = new TF_Tensor[inputs.size()];
        @Nullable
        TF_Tensor[] results = new TF_Tensor[fetched.size()];
        boolean all = fetched.equals(allFetched);
        TF_Output fetches = all ? allFetches : NativeSession.outputs(fetched.stream().map(Port::endpoint).toList());
        try {
            for (int i = 0; i < fed.length; i++) {
                fed[i] = copyIn(inputs.get(i), values.get(i));
            }
            session.run(feeds, fed, fetches, results);
            Tensor[] copies = new Tensor[results.length];
            for (int i = 0; i < copies.length; i++) {
                copies[i] = copyOut(fetched.get(i), results[i]);
            }
            return copies;
        } finally {
            delete(fed);
            delete(results);
            if (!all) {
                fetches.close();
            }
        }
    }

    private static TF_Tensor copyIn(Port port, Tensor value) {
        if (value.dataType() != port.spec().dtype()) {
            throw new IllegalArgumentException("input '" + port.spec().name() + "' is " + port.spec().dtype().jsonName()
                    + ", not " + value.dataType().jsonName());
        }
        return value instanceof Tensor.Strings strings
                ? NativeStrings.copyIn(strings, port.base64(), port.spec().name())
                : NativeTensors.copyIn(value);
    }

    private static Tensor copyOut(Port port, @Nullable TF_Tensor result) {
        String name = port.spec().name();
        if (result == null) {
            throw new InferenceException("TensorFlow gave no value for output '" + name + "'", null);
        }
        Tensor copy = port.spec().dtype() == DataType.STRING
                ? NativeStrings.copyOut(result, port.base64(), name)
                : NativeTensors.copyOut(result, port.spec().dtype(), name);
        if (!port.spec().shape().accepts(copy.shape())) {
            throw new InferenceException("the model gave output '" + name + "' in the shape " + copy.shape()
                    + ", and its signature says " + port.spec().shape(), null);
        }
        return copy;
    }

    private List<Port> ports(List<String> names) {
        List<Port> ports = new ArrayList<>(names.size());
        for (String name : names) {
            ports.add(outputs.stream().filter(port -> port.spec().name().equals(name)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the model has no output '" + name + "'")));
        }
        return ports;
    }

    /** Those that TensorFlow has to compute: it refuses to give a tensor back that it was fed with. */
    private List<Port> computed(List<Port> wanted) {
        return wanted.stream().filter(port -> echoed(port) < 0).toList();
    }

    /** The number of the input that an output is as it is, or -1. */
    private int echoed(Port output) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).isSameTensorAs(output)) {
                return i;
            }
        }
        return -1;
    }

    private static void delete(@Nullable TF_Tensor[] tensors) {
        for (TF_Tensor tensor : tensors) {
            if (tensor != null && !tensor.isNull()) {
                TF_DeleteTensor(tensor);
            }
        }
        Arrays.fill(tensors, null);
    }
}
