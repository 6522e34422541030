package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.tensorflow.NativeSession.Endpoint;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;

import java.util.List;

/**
 * A signature whose inputs and outputs are bound to tensors of the loaded graph. Both are sorted by name, for a
 * SignatureDef keeps them in a map, which has no order.
 */
record BoundSignature(List<Port> inputs, List<Port> outputs) {
    /** @param base64 whether its texts stand for bytes */
    record Port(TensorSpec spec, Endpoint endpoint, boolean base64) {
        boolean isSameTensorAs(Port other) {
            return endpoint.index() == other.endpoint.index()
                    && endpoint.operation().address() == other.endpoint.operation().address();
        }
    }

    BoundSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    Signature signature() {
        return new Signature(inputs.stream().map(Port::spec).toList(), outputs.stream().map(Port::spec).toList(),
                false);
    }
}
