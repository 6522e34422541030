package io.modelyard.requestlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.modelyard.predict.Timing;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A row as the API shows it. Inputs and predictions are put in as they stand, without being read. */
final class LogJson {
    private static final JsonFactory JSON = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private LogJson() {}

    static byte[] bytes(LoggedPrediction row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(row, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    static void write(LoggedPrediction row, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("prediction_id", row.predictionId());
            json.writeStringField("request_id", row.requestId());
            json.writeStringField("at", row.at().toString());
            json.writeStringField("model_type", row.modelType());
            json.writeStringField("model_version", row.modelVersion());
            json.writeStringField("requested_version", row.requestedVersion());
            json.writeStringField("runtime", row.runtime());
            json.writeStringField("model_digest", row.modelDigest());
            json.writeStringField("key_id", row.keyId());
            json.writeNumberField("status", row.status());
            json.writeStringField("code", row.code());
            raw(json, "inputs", row.inputs());
            raw(json, "predictions", row.predictions());
            json.writeNumberField("rows", row.rowCount());
            json.writeBooleanField("cached", row.cached());
            json.writeBooleanField("truncated", row.truncated());
            json.writeStringField("experiment", row.experiment());
            json.writeStringField("arm", row.arm());
            json.writeObjectFieldStart("timing_ms");
            json.writeNumberField("preprocessing", Timing.millis(row.preprocessingNs()));
            json.writeNumberField("queue", Timing.millis(row.queueNs()));
            json.writeNumberField("inference", Timing.millis(row.inferenceNs()));
            json.writeNumberField("postprocessing", Timing.millis(row.postprocessingNs()));
            json.writeNumberField("total", Timing.millis(row.totalNs()));
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void raw(JsonGenerator json, String name, @Nullable String text) throws IOException {
        json.writeFieldName(name);
        if (text == null) {
            json.writeNull();
        } else {
            // In JSON a line break can only stand between tokens; one row must be one line.
            json.writeRawValue(text.replace('\n', ' ').replace('\r', ' '));
        }
    }
}
