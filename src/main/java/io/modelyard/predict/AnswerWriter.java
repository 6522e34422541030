package io.modelyard.predict;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.tensor.OutputEncoder;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;
import io.modelyard.transform.Postprocessing;
import io.modelyard.transform.Step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Writes the answer of a prediction, streaming. */
final class AnswerWriter {
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    private AnswerWriter() {}

    static PredictionAnswer write(ExchangeRecord record, Model model, List<TensorSpec> outputs,
            Predictor.Answered answered, int rows, Postprocessing postprocessing) {
        List<ToldOutput> told = postprocessing.apply(outputs, answered.outputs(), record.steps());
        record.processed();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + rows * 32);
        int from;
        int to;
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("prediction_id", record.predictionId());
            json.writeStringField("model_type", model.id().type());
            json.writeStringField("model_version", model.id().version());
            json.writeFieldName("predictions");
            json.flush();
            from = bytes.size();
            OutputEncoder encoder = new OutputEncoder(json);
            encoder.writeRows(told, rows);
            json.flush();
            to = bytes.size();
            if (encoder.notFinite() > 0) {
                json.writeArrayFieldStart("warnings");
                json.writeString(encoder.notFinite() + (encoder.notFinite() == 1 ? " value is" : " values are")
                        + " null because the model gave NaN or an infinity, which JSON does not know");
                json.writeEndArray();
            }
            json.writeBooleanField("cached", answered.source().isCached());
            Experiment.Assignment assignment = record.assignment();
            if (assignment != null) {
                json.writeObjectFieldStart("experiment");
                json.writeStringField("id", assignment.experiment());
                json.writeStringField("arm", assignment.arm());
                json.writeEndObject();
            }
            writeTiming(json, record.timing());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] text = bytes.toByteArray();
        // Between a field's name and its value stands the colon, which is written with the value.
        int start = text[from] == ':' ? from + 1 : from;
        return new PredictionAnswer(text, Arrays.copyOfRange(text, start, to), model.digest(), answered.source());
    }

    private static void writeTiming(JsonGenerator json, Timing timing) throws IOException {
        json.writeObjectFieldStart("timing_ms");
        writeMillis(json, "preprocessing", timing.preprocessing());
        writeMillis(json, "queue", timing.queue());
        writeMillis(json, "inference", timing.inference());
        writeMillis(json, "postprocessing", timing.postprocessing());
        writeMillis(json, "total", timing.total());
        if (!timing.steps().isEmpty()) {
            json.writeObjectFieldStart("steps");
            for (Step step : timing.steps().steps()) {
                writeMillis(json, step.jsonName(), timing.steps().nanos(step));
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** To a microsecond. */
    private static void writeMillis(JsonGenerator json, String name, long nanos) throws IOException {
        json.writeNumberField(name, Math.round(Timing.millis(nanos) * 1000) / 1000.0);
    }
}
