package io.modelyard.feedback;

import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import io.modelyard.requestlog.LoggedAnswer;
import io.modelyard.tensor.InputProblem;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Takes what callers say: finds the predictions, scores them, and stores all of a request at once. Thread-safe; blocks. */
@Singleton
final class FeedbackIntake {
    /** Predictions that are read together; their answers are in memory then. */
    private static final int TOGETHER = 50;

    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private final Predictions predictions;
    private final FeedbackTable table;
    private final FeedbackStats stats;
    private final Clock clock;

    FeedbackIntake(Predictions predictions, FeedbackTable table, FeedbackStats stats, Clock clock) {
        this.predictions = predictions;
        this.table = table;
        this.stats = stats;
        this.clock = clock;
    }

    /**
     * Takes the items in their order; one that is refused harms no other.
     *
     * @throws ServingFailure.Unavailable if the database cannot be used; then nothing was taken
     */
    List<FeedbackResult> take(List<FeedbackItem> items, Caller caller) {
        Instant now = clock.instant();
        List<FeedbackResult> results = new ArrayList<>(items.size());
        List<StoredFeedback> taken = new ArrayList<>();
        for (int from = 0; from < items.size(); from += TOGETHER) {
            List<FeedbackItem> some = items.subList(from, Math.min(items.size(), from + TOGETHER));
            Map<String, LoggedAnswer> logged = predictions.logged(some.stream()
                    .<String>mapMulti((item, ids) -> {
                        if (item instanceof FeedbackItem.Said said) {
                            ids.accept(said.predictionId());
                        }
                    }).toList());
            for (FeedbackItem item : some) {
                results.add(result(item, logged, caller, now, taken));
            }
        }
        table.write(taken);
        results.forEach(stats::count);
        return results;
    }

    /**
     * What was said of a prediction, by row.
     *
     * @throws ServingFailure.NotFound if there is no such prediction in the log, or none that the caller may know of
     */
    List<StoredFeedback> said(String predictionId, Caller caller) {
        return switch (predictions.found(predictionId, predictions.logged(List.of(predictionId)), caller.types())) {
            case Predictions.Found.Answered _ -> table.said(predictionId);
            case Predictions.Found.Awaited _,Predictions.Found.Failed _ -> List.of();
            case Predictions.Found.Nothing _ -> throw ServingFailure.NotFound.prediction(predictionId);
        };
    }

    private FeedbackResult result(FeedbackItem item, Map<String, LoggedAnswer> logged, Caller caller, Instant now,
            List<StoredFeedback> taken) {
        return switch (item) {
            case FeedbackItem.Unreadable unreadable -> new FeedbackResult.Refused(unreadable.failure());
            case FeedbackItem.Said said -> {
                try {
                    List<StoredFeedback> stored = stored(said, logged, caller, now);
                    taken.addAll(stored);
                    yield told(said.predictionId(), stored);
                } catch (ServingFailure e) {
                    yield new FeedbackResult.Refused(e);
                }
            }
        };
    }

    private List<StoredFeedback> stored(FeedbackItem.Said said, Map<String, LoggedAnswer> logged, Caller caller,
            Instant now) {
        Instant observed = said.observedAt() == null ? now : said.observedAt();
        if (observed.isAfter(now.plus(CLOCKS))) {
            throw wrong(said.pointer() + "/observed_at", "is in the future; it is " + now + " here");
        }
        return switch (predictions.found(said.predictionId(), logged, caller.types())) {
            case Predictions.Found.Answered answered -> {
                demandRows(said, answered.prediction().rows());
                yield said.statements().stream()
                        .map(statement -> stored(said, statement, observed, caller, now, answered.prediction()))
                        .toList();
            }
            case Predictions.Found.Awaited awaited -> said.statements().stream()
                    .map(statement -> new StoredFeedback(said.predictionId(), statement.row(), statement.kind(),
                            CanonicalJson.of(statement.value()), Predictions.micros(observed), Predictions.micros(now),
                            awaited.predictedMicros(), caller.keyId(), caller.types(), said.rows(), null,
                            Score.NONE_YET))
                    .toList();
            case Predictions.Found.Failed failed -> throw ServingFailure.Conflict.predictionFailed("the prediction '"
                    + said.predictionId() + "' failed (status " + failed.status()
                    + "): nothing was predicted that could become true");
            case Predictions.Found.Nothing _ -> throw ServingFailure.NotFound.prediction(said.predictionId());
        };
    }

    private static StoredFeedback stored(FeedbackItem.Said said, Statement statement, Instant observed, Caller caller,
            Instant now, AnsweredPrediction prediction) {
        return new StoredFeedback(said.predictionId(), statement.row(), statement.kind(),
                CanonicalJson.of(statement.value()), Predictions.micros(observed), Predictions.micros(now),
                prediction.atMicros(), caller.keyId(), caller.types(), said.rows(), prediction.stored(),
                prediction.score(statement));
    }

    private static void demandRows(FeedbackItem.Said said, int rows) {
        if (said.rows() != 0 && said.rows() != rows) {
            boolean one = said.rows() == 1 && said.statements().size() == 1;
            throw wrong(said.pointer(), one
                    ? "the prediction has " + rows + " rows; say with row which of them this outcome is of, from 0"
                    : "there are " + said.rows() + " outcomes, and the prediction has " + rows
                            + " rows; put null where an outcome is not known yet");
        }
        for (Statement statement : said.statements()) {
            if (statement.row() >= rows) {
                throw wrong(said.pointer() + "/row", "the prediction has " + rows + " rows, counted from 0");
            }
        }
    }

    private static ServingFailure wrong(String pointer, String detail) {
        return new ServingFailure.InvalidInput(List.of(new InputProblem(pointer, detail)));
    }

    private static FeedbackResult told(String predictionId, List<StoredFeedback> stored) {
        int pending = 0;
        int unscored = 0;
        TreeSet<String> reasons = new TreeSet<>();
        for (StoredFeedback statement : stored) {
            String reason = statement.score().unscored();
            if (statement.isPending()) {
                pending++;
            } else if (reason != null) {
                unscored++;
                reasons.add(reason);
            }
        }
        return new FeedbackResult.Taken(predictionId, stored.size() - pending - unscored, unscored, pending, reasons);
    }
}
