package io.modelyard.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;

/** ONNX Runtime in this process: one environment, made when it is first asked for, since that loads native code. */
final class Library {
    private static final OrtEnvironment ENVIRONMENT = start();

    private Library() {}

    private static OrtEnvironment start() {
        // Before anything of the library runs: see there.
        Telemetry.disable();
        // Whatever goes wrong comes back as an exception; the library's own log would only repeat it on standard error.
        OrtEnvironment environment = OrtEnvironment
                .getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "modelyard");
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime's telemetry could not be turned off", e);
        }
        return environment;
    }

    static OrtEnvironment environment() {
        return ENVIRONMENT;
    }

    /** Name and version, {@code onnxruntime 1.29.0} for example. */
    static String version() {
        return "onnxruntime " + ENVIRONMENT.getVersion();
    }
}
