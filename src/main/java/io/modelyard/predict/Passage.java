package io.modelyard.predict;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.serving.Lease;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request on its way through the {@link PredictionPipeline}. It ends once, with an answer or a failure, perhaps while a
 * thread still works on it; and it leaves once, when no thread holds anything of it any more. One thread at a time has it on its way; any
 * thread may end it.
 */
final class Passage {
    private final PredictionCall call;
    private final ExchangeRecord record;
    private final Observation observation;
    private final CompletableFuture<PredictionAnswer> answer = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Passages all;
    /** Drawn once, so that a choice that is made again is the same. */
    private final double random = ThreadLocalRandom.current().nextDouble();
    private @Nullable PredictionRequest request;
    private @Nullable ModelQueue queue;
    private @Nullable Lease lease;

    /** @param all which it leaves in the end */
    Passage(PredictionCall call, Observation observation, Passages all) {
        this.call = call;
        this.observation = observation;
        this.record = observation.begin(call);
        this.all = all;
    }

    PredictionCall call() {
        return call;
    }

    ExchangeRecord record() {
        return record;
    }

    /** Completes when the observers let the answer go; fails with a ServingFailure. */
    CompletionStage<PredictionAnswer> answer() {
        return answer;
    }

    double random() {
        return random;
    }

    void scanned(PredictionRequest scanned) {
        request = scanned;
        record.scanned(scanned);
    }

    PredictionRequest request() {
        if (request == null) {
            throw new IllegalStateException("the request was not read yet");
        }
        return request;
    }

    /**
     * From here on it counts as a request for the model.
     *
     * @throws ServingFailure.Overloaded if there are too many
     */
    void enter(Model model, ModelQueue next) {
        record.chose(model);
        if (queue != null) {
            queue.leave();
            queue = null;
        }
        next.enter();
        queue = next;
    }

    /** Holds the model until it has left. */
    void hold(Lease held) {
        lease = held;
        record.leased();
    }

    Lease lease() {
        if (lease == null) {
            throw new IllegalStateException("there is no model yet");
        }
        return lease;
    }

    /** It goes to another model. */
    void letGo() {
        lease().close();
        lease = null;
    }

    /** Whether the caller still waits for an answer. */
    boolean isWanted() {
        return !ended.get();
    }

    /** Takes a step, which hands it on or ends it. */
    void step(Runnable step) {
        try {
            if (isWanted()) {
                step.run();
            } else {
                leave();
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Leaves, and ends with the answer: who has it finds the model free. */
    void succeed(PredictionAnswer done) {
        leave();
        end(done, null);
    }

    /** Leaves, and ends without an answer. */
    void fail(Throwable failure) {
        leave();
        abandon(failure);
    }

    /** Ends without an answer, and leaves when the thread that works on it comes to it. */
    private void abandon(Throwable failure) {
        end(null, failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure);
    }

    private void end(@Nullable PredictionAnswer done, @Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        observation.end(record, done, failure).whenComplete((told, untold) -> {
            if (done != null) {
                answer.complete(done);
            } else {
                answer.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
            }
        });
    }

    /** Ends it if its time is over or its caller has left. */
    void check(long now) {
        if (isWanted()) {
            if (call.connection().isGone()) {
                abandon(new ServingFailure.ClientGone());
            } else if (now - call.deadlineNanos() >= 0) {
                abandon(new ServingFailure.DeadlineExceeded("there was no answer after "
                        + (call.deadlineNanos() - call.receivedNanos()) / 1_000_000 + " ms: " + record.whereabouts()));
            }
        }
    }

    /** Nothing of it is held any more. */
    void leave() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
        if (queue != null) {
            queue.leave();
            queue = null;
        }
        all.leave(this);
    }
}
