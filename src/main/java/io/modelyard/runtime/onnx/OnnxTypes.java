package io.modelyard.runtime.onnx;

import ai.onnxruntime.TensorInfo.OnnxTensorType;
import io.modelyard.tensor.DataType;

import java.util.Locale;
import java.util.Optional;

/** Element types of ONNX and ours. */
final class OnnxTypes {
    private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private OnnxTypes() {}

    /** The same type among ours, if there is one. */
    static Optional<DataType> dataType(OnnxTensorType type) {
        return Optional.ofNullable(switch (type) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FLOAT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FLOAT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.STRING;
            default -> null;
        });
    }

    /** The type as ONNX calls it, {@code float16} for example. */
    static String name(OnnxTensorType type) {
        return type.name().replace(PREFIX, "").toLowerCase(Locale.ROOT);
    }
}
