package io.modelyard.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetCode;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_LoadSessionFromSavedModel;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Message;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumOutputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SessionRun;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Shape;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A SavedModel in TensorFlow's memory: its graph and a session that holds its variables. Many threads may run it. */
final class NativeSession implements AutoCloseable {
    /**
     * A tensor of the graph.
     *
     * @param type without the mark of a reference to a variable
     * @param shape what the graph says of its shape; empty where it does not even know the rank
     */
    record Endpoint(TF_Operation operation, int index, DataType type, Optional<Shape> shape) {}

    /** Types from here on are references to variables that hold the type that much below. */
    private static final int REFERENCE = 100;

    private final TF_Session session;
    private final TF_Graph graph;

    private NativeSession(TF_Session session, TF_Graph graph) {
        this.session = session;
        this.graph = graph;
    }

    /** Imports the graph, restores its variables and runs its initialisation. */
    static NativeSession load(Path folder, List<String> tags, ConfigProto config) throws InvalidModelException {
        byte[] configBytes = config.toByteArray();
        TF_Status status = TF_NewStatus();
        TF_SessionOptions options = TF_NewSessionOptions();
        TF_Graph graph = TF_NewGraph();
        boolean loaded = false;
        try (BytePointer configPointer = new BytePointer(configBytes);
                BytePointer path = new BytePointer(folder.toAbsolutePath().toString());
                PointerPointer<BytePointer> tagPointers = new PointerPointer<>(tags.toArray(String[]::new))) {
            TF_SetConfig(options, configPointer, configBytes.length, status);
            TF_Session session = TF_LoadSessionFromSavedModel(options, null, path, tagPointers, tags.size(), graph,
                    (TF_Buffer) null, status);
            if (TF_GetCode(status) != 0) {
                throw new InvalidModelException("TensorFlow cannot load the SavedModel: " + message(status));
            }
            loaded = true;
            return new NativeSession(session, graph);
        } finally {
            TF_DeleteStatus(status);
            TF_DeleteSessionOptions(options);
            if (!loaded) {
                TF_DeleteGraph(graph);
            }
        }
    }

    /** The tensor {@code node:index}, or {@code node} for its first, if the graph has it. */
    Optional<Endpoint> endpoint(String tensorName) {
        int colon = tensorName.lastIndexOf(':');
        String node = colon < 0 ? tensorName : tensorName.substring(0, colon);
        int index;
        try {
            index = colon < 0 ? 0 : Integer.parseInt(tensorName.substring(colon + 1));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        TF_Operation operation = TF_GraphOperationByName(graph, node);
        if (operation == null || operation.isNull() || index < 0 || index >= TF_OperationNumOutputs(operation)) {
            return Optional.empty();
        }
        try (TF_Output output = outputs(
                List.of(new Endpoint(operation, index, DataType.DT_INVALID, Optional.empty())))) {
            int type = TF_OperationOutputType(output);
            DataType base = DataType.forNumber(type > REFERENCE ? type - REFERENCE : type);
            return Optional
                    .of(new Endpoint(operation, index, base == null ? DataType.DT_INVALID : base, shape(output)));
        }
    }

    /** The tensors as an array of C. The caller closes it. */
    static TF_Output outputs(List<Endpoint> endpoints) {
        TF_Output outputs = new TF_Output(Math.max(1, endpoints.size()));
        for (int i = 0; i < endpoints.size(); i++) {
            outputs.position(i).oper(endpoints.get(i).operation()).index(endpoints.get(i).index());
        }
        return outputs.position(0);
    }

    /**
     * Computes the fetches.
     *
     * @param feeds as many as there are values
     * @param values stay the caller's, who deletes them
     * @param results is filled with one tensor for each fetch, which the caller deletes, also when this throws
     */
    void run(TF_Output feeds, @Nullable TF_Tensor[] values, TF_Output fetches, @Nullable TF_Tensor[] results) {
        TF_Status status = TF_NewStatus();
        try (PointerPointer<TF_Tensor> fed = new PointerPointer<>(values.length);
                PointerPointer<TF_Tensor> fetched = new PointerPointer<>(results.length)) {
            for (int i = 0; i < values.length; i++) {
                fed.put(i, values[i]);
            }
            for (int i = 0; i < results.length; i++) {
                fetched.put(i, (Pointer) null);
            }
            TF_SessionRun(session, null, feeds, fed, values.length, fetches, fetched, results.length,
                    (PointerPointer<?>) null, 0, null, status);
            for (int i = 0; i < results.length; i++) {
                results[i] = fetched.get(TF_Tensor.class, i);
            }
            if (TF_GetCode(status) != 0) {
                throw new InferenceException(message(status), null);
            }
        } finally {
            TF_DeleteStatus(status);
        }
    }

    @Override
    public void close() {
        TF_Status status = TF_NewStatus();
        TF_CloseSession(session, status);
        TF_DeleteSession(session, status);
        TF_DeleteGraph(graph);
        TF_DeleteStatus(status);
    }

    private Optional<Shape> shape(TF_Output output) {
        TF_Status status = TF_NewStatus();
        try {
            int rank = TF_GraphGetTensorNumDims(graph, output, status);
            if (TF_GetCode(status) != 0 || rank < 0) {
                return Optional.empty();
            }
            long[] dims = new long[rank];
            TF_GraphGetTensorShape(graph, output, dims, rank, status);
            return TF_GetCode(status) == 0 ? Optional.of(Shape.of(dims)) : Optional.empty();
        } finally {
            TF_DeleteStatus(status);
        }
    }

    private static String message(TF_Status status) {
        BytePointer message = TF_Message(status);
        return message == null ? "no reason given" : TensorflowMessage.readable(message.getString());
    }
}
