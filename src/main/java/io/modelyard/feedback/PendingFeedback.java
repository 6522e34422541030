package io.modelyard.feedback;

import io.modelyard.requestlog.LoggedAnswer;
import jakarta.inject.Singleton;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores feedback that came before its prediction was in the log, and lets go what waits in vain. Every replica does it for
 * all: two that do the same write the same. Thread-safe; blocks.
 */
@Singleton
final class PendingFeedback {
    /** Predictions that are looked up together. */
    private static final int TOGETHER = 50;

    private final FeedbackTable table;
    private final Predictions predictions;
    private final FeedbackStats stats;

    PendingFeedback(FeedbackTable table, Predictions predictions, FeedbackStats stats) {
        this.table = table;
        this.predictions = predictions;
        this.stats = stats;
    }

    /** @return how many statements were scored */
    int resolve() {
        int resolved = 0;
        String after = "";
        while (true) {
            List<StoredFeedback> pending = table.pending(after, TOGETHER);
            if (pending.isEmpty()) {
                return resolved;
            }
            resolved += resolve(pending);
            after = pending.getLast().predictionId();
        }
    }

    private int resolve(List<StoredFeedback> pending) {
        Map<String, LoggedAnswer> logged = predictions
                .logged(pending.stream().map(StoredFeedback::predictionId).toList());
        List<StoredFeedback> known = new ArrayList<>();
        List<StoredFeedback> vain = new ArrayList<>();
        for (StoredFeedback statement : pending) {
            switch (predictions.found(statement.predictionId(), logged, statement.keyTypes())) {
                case Predictions.Found.Answered answered -> known.add(scored(statement, answered.prediction()));
                case Predictions.Found.Awaited _ -> {
                    // The next time, perhaps.
                }
                case Predictions.Found.Failed _,Predictions.Found.Nothing _ -> vain.add(statement);
            }
        }
        table.write(known);
        table.forget(vain);
        stats.resolve(known.size());
        stats.forget(vain.size());
        return known.size();
    }

    private static StoredFeedback scored(StoredFeedback statement, AnsweredPrediction prediction) {
        return new StoredFeedback(statement.predictionId(), statement.row(), statement.kind(), statement.value(),
                statement.observedMicros(), statement.receivedMicros(), prediction.atMicros(), statement.keyId(),
                statement.keyTypes(), statement.rowsSaid(), prediction.stored(), score(statement, prediction));
    }

    /** How many rows there are could not be told to the caller when it was wrong. */
    private static Score score(StoredFeedback statement, AnsweredPrediction prediction) {
        return statement.rowsSaid() != 0 && statement.rowsSaid() != prediction.rows()
                ? Score.unscored(Score.NO_SUCH_ROW)
                : prediction.score(new Statement(statement.row(), statement.kind(),
                        FeedbackTable.json(statement.value())));
    }
}
