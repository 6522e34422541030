package io.modelyard.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.modelyard.http.FailureStatus;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.InputProblem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes the answer of a batch: of each item the answer of its prediction, or what became of it instead. */
final class BatchAnswerWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private BatchAnswerWriter() {}

    static byte[] write(List<BatchResult> results, long elapsedNanos) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(results.size() * 256);
        int succeeded = 0;
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("results");
            for (BatchResult result : results) {
                switch (result) {
                    case BatchResult.Predicted predicted -> {
                        succeeded++;
                        // Only what separates values is written here.
                        json.writeRawValue("");
                        json.flush();
                        writePrediction(predicted.answer(), bytes);
                    }
                    case BatchResult.Failed failed -> writeFailure(json, failed.failure());
                    case BatchResult.Broken _ -> writeBroken(json);
                }
            }
            json.writeEndArray();
            json.writeNumberField("succeeded", succeeded);
            json.writeNumberField("failed", results.size() - succeeded);
            json.writeObjectFieldStart("timing_ms");
            json.writeNumberField("total", Math.round(Timing.millis(elapsedNanos) * 1000) / 1000.0);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The whole answer of the prediction, and the digest that its header has. */
    private static void writePrediction(PredictionAnswer answer, ByteArrayOutputStream bytes) {
        bytes.writeBytes(("{\"model_digest\":\"" + answer.modelDigest() + "\",").getBytes(StandardCharsets.UTF_8));
        bytes.write(answer.json(), 1, answer.json().length - 1);
    }

    private static void writeFailure(JsonGenerator json, ServingFailure failure) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("error");
        writeProblem(json, FailureStatus.of(failure), failure.code(), failure.detail(), failure.retryable());
        Optional<Duration> retryAfter = switch (failure) {
            case ServingFailure.Overloaded overloaded -> Optional.of(overloaded.retryAfter());
            case ServingFailure.ModelLoadFailed failed -> failed.retryAfter();
            default -> Optional.empty();
        };
        if (retryAfter.isPresent()) {
            json.writeNumberField("retry_after_ms", retryAfter.get().toMillis());
        }
        if (failure instanceof ServingFailure.InvalidInput invalid) {
            json.writeArrayFieldStart("errors");
            for (InputProblem problem : invalid.problems()) {
                json.writeStartObject();
                json.writeStringField("pointer", problem.pointer());
                json.writeStringField("detail", problem.detail());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeBroken(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("error");
        writeProblem(json, 500, "internal",
                "the server failed, and this is not the caller's fault; its log says more", false);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeProblem(JsonGenerator json, int status, String code, String detail, boolean retryable)
            throws IOException {
        json.writeNumberField("status", status);
        json.writeStringField("code", code);
        json.writeStringField("detail", detail);
        json.writeBooleanField("retryable", retryable);
    }
}
