package io.modelyard.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.modelyard.requestlog.LoggedAnswer;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** A prediction that went well, as the log has it. */
final class AnsweredPrediction {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LoggedAnswer answer;
    private final List<TensorSpec> outputs;
    private @Nullable JsonNode predictions;

    /** @param outputs what the manifest says of the model's outputs; may be empty */
    AnsweredPrediction(LoggedAnswer answer, List<TensorSpec> outputs) {
        this.answer = answer;
        this.outputs = outputs;
    }

    long atMicros() {
        return answer.atMicros();
    }

    int rows() {
        return answer.rowCount();
    }

    StoredFeedback.Prediction stored() {
        return new StoredFeedback.Prediction(Objects.requireNonNull(answer.modelType()),
                Objects.requireNonNull(answer.modelVersion()), answer.experiment(), answer.arm());
    }

    Score score(Statement statement) {
        if (statement.row() >= answer.rowCount()) {
            return Score.unscored(Score.NO_SUCH_ROW);
        }
        if (statement.kind() == Statement.Kind.REWARD) {
            return Score.ofReward(statement.value().doubleValue());
        }
        JsonNode told = predictions().path(statement.row());
        return told.isMissingNode()
                ? Score.unscored(Score.NOT_KEPT)
                : Scoring.of(told, outputs, statement.value());
    }

    private JsonNode predictions() {
        if (predictions == null) {
            predictions = parsed(answer.predictions());
        }
        return predictions;
    }

    private static JsonNode parsed(@Nullable String json) {
        if (json == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the request log has predictions that are not JSON", e);
        }
    }
}
