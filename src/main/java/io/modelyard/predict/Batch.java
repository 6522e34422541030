package io.modelyard.predict;

import io.modelyard.http.RequestId;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * The items of one batch on their way: so many at once, in their order, each a prediction of its own; as soon as one is done, the
 * next is begun. No thread waits. For one run.
 */
final class Batch {
    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

    private final BatchRequest request;
    private final String requestId;
    private final Function<byte[], CompletionStage<PredictionAnswer>> predict;
    private final Executor threads;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger undone;
    private final AtomicReferenceArray<BatchResult> results;
    private final CompletableFuture<List<BatchResult>> done = new CompletableFuture<>();

    /**
     * @param requestId for the log
     * @param predict answers the body of a prediction
     * @param threads on which items are begun; not those that compute
     */
    Batch(BatchRequest request, String requestId, Function<byte[], CompletionStage<PredictionAnswer>> predict,
            Executor threads) {
        this.requestId = requestId;
        this.request = request;
        this.predict = predict;
        this.threads = threads;
        this.undone = new AtomicInteger(request.items().size());
        this.results = new AtomicReferenceArray<>(request.items().size());
    }

    /** One result for each item, in their order. Never fails. */
    CompletionStage<List<BatchResult>> run(int atOnce) {
        for (int i = 0; i < Math.min(atOnce, request.items().size()); i++) {
            threads.execute(this::goOn);
        }
        return done;
    }

    /** Takes items up until one is not done at once: in a loop, because of a thousand refusals each would be one call deeper. */
    private void goOn() {
        for (int i = next.getAndIncrement(); i < request.items().size(); i = next.getAndIncrement()) {
            int item = i;
            CompletionStage<PredictionAnswer> answer = begin(request.items().get(item));
            if (!answer.toCompletableFuture().isDone()) {
                answer.whenComplete((predicted, failure) -> {
                    settle(item, predicted, failure);
                    threads.execute(this::goOn);
                });
                return;
            }
            answer.whenComplete((predicted, failure) -> settle(item, predicted, failure));
        }
    }

    /** An item that cannot even be begun must not keep the others from being answered. */
    private CompletionStage<PredictionAnswer> begin(BatchRequest.Item item) {
        try {
            return predict.apply(request.bodyOf(item));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private void settle(int item, @Nullable PredictionAnswer predicted, @Nullable Throwable failure) {
        results.set(item,
                predicted == null ? failed(request.items().get(item), failure) : new BatchResult.Predicted(predicted));
        if (undone.decrementAndGet() == 0) {
            BatchResult[] all = new BatchResult[results.length()];
            Arrays.setAll(all, results::get);
            done.complete(List.of(all));
        }
    }

    private BatchResult failed(BatchRequest.Item item, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        return switch (cause) {
            case ServingFailure.InvalidInput invalid -> new BatchResult.Failed(new ServingFailure.InvalidInput(
                    invalid.problems().stream().map(problem -> locate(item, problem)).toList()));
            case ServingFailure known -> new BatchResult.Failed(known);
            case null, default -> {
                LOG.atError().addKeyValue(RequestId.LOG_KEY, requestId).setCause(cause).log("item {} of a batch failed",
                        item.pointer());
                yield new BatchResult.Broken();
            }
        };
    }

    private static InputProblem locate(BatchRequest.Item item, InputProblem problem) {
        return new InputProblem(item.locate(problem.pointer()), problem.detail());
    }
}
