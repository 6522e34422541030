package io.modelyard.runtime.onnx;

/** Bytes that are no protobuf message. */
final class MalformedProtobufException extends RuntimeException {
    MalformedProtobufException(String message) {
        super(message);
    }
}
