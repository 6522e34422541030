package io.modelyard.predict;

import io.modelyard.serving.Batching;
import io.modelyard.tensor.Shape;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Joins inferences for a model that gains from it. One waits for others while the prediction threads have something else to do,
 * and at most as long as the model's {@link Batching} says: on an idle server nothing waits. Safe for use by many threads.
 */
public final class BatchingPredictor implements Predictor {
    private final Predictor each;
    private final PredictionThreads threads;
    private final BatchWatch watch;
    private final ConcurrentHashMap<Kind, OpenBatch> open = new ConcurrentHashMap<>();

    /** What can be computed in one call. */
    private record Kind(String digest, List<String> outputs, List<Shape> rowShapes) {}

    /**
     * @param each computes one call
     * @param watch is told of every call
     */
    public BatchingPredictor(Predictor each, PredictionThreads threads, BatchWatch watch) {
        this.each = each;
        this.threads = threads;
        this.watch = watch;
    }

    @Override
    public CompletionStage<Answered> predict(Inference inference) {
        Batching batching = inference.lease().batching();
        int rows = inference.rows().rows();
        if (!batching.joins(rows)) {
            return each.predict(inference);
        }
        Kind kind = new Kind(inference.lease().model().digest(), inference.outputs(), inference.rows().rowShapes());
        while (true) {
            OpenBatch current = open.get(kind);
            if (current == null) {
                OpenBatch fresh = new OpenBatch(batching.maxRows(), watch);
                Optional<CompletionStage<Answered>> answer = fresh.add(inference);
                if (answer.isPresent() && open.putIfAbsent(kind, fresh) == null) {
                    threads.hold(inference.lease().model(), System.nanoTime() + batching.maxDelay().toNanos(),
                            () -> run(kind, fresh));
                    return answer.get();
                }
            } else {
                Optional<CompletionStage<Answered>> answer = current.add(inference);
                if (answer.isEmpty() || current.isFull()) {
                    run(kind, current);
                }
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
    }

    private void run(Kind kind, OpenBatch batch) {
        open.remove(kind, batch);
        batch.run(each);
    }
}
