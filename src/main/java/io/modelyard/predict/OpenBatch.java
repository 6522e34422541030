package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import io.modelyard.predict.Predictor.Answered;
import io.modelyard.predict.Predictor.Inference;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Rows;
import io.modelyard.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Inferences that are computed in one call, all of one model, for the same outputs, with rows of the same shapes. Filled by
 * many threads one after the other, then run once.
 */
final class OpenBatch {
    private final int maxRows;
    private final BatchWatch watch;
    private final List<Member> members = new ArrayList<>();
    private int rows;
    private boolean taken;

    private record Member(Inference inference, CompletableFuture<Answered> answer, long since) {}

    /** @param watch is told when it is computed */
    OpenBatch(int maxRows, BatchWatch watch) {
        this.maxRows = maxRows;
        this.watch = watch;
    }

    /** Empty where there is no room for it, or it was run already. */
    synchronized Optional<CompletionStage<Answered>> add(Inference inference) {
        int more = inference.rows().rows();
        if (taken || rows + more > maxRows) {
            return Optional.empty();
        }
        Member member = new Member(inference, new CompletableFuture<>(), System.nanoTime());
        members.add(member);
        rows += more;
        return Optional.of(member.answer());
    }

    synchronized boolean isFull() {
        return rows >= maxRows;
    }

    /** Computes what is in it, unless that was done already. What nobody wants any more is left out. */
    void run(Predictor each) {
        synchronized (this) {
            if (taken) {
                return;
            }
            taken = true;
        }
        long start = System.nanoTime();
        List<Member> wanted = new ArrayList<>(members.size());
        for (Member member : members) {
            if (member.inference().isWanted().getAsBoolean()) {
                wanted.add(member);
            } else {
                member.answer().completeExceptionally(new CancellationException("nobody waits for it"));
            }
        }
        try {
            if (!wanted.isEmpty()) {
                tell(wanted);
            }
            if (wanted.size() == 1) {
                runAlone(wanted.getFirst(), each, start);
            } else if (!wanted.isEmpty()) {
                runTogether(wanted, each, start);
            }
        } catch (RuntimeException | Error e) {
            // Nobody waits for ever, whatever went wrong.
            wanted.forEach(member -> member.answer().completeExceptionally(e));
        }
    }

    private void tell(List<Member> wanted) {
        watch.computed(wanted.getFirst().inference().lease().model(), wanted.size(),
                wanted.stream().mapToInt(member -> member.inference().rows().rows()).sum());
    }

    private static void runTogether(List<Member> wanted, Predictor each, long start) {
        Inference first = wanted.getFirst().inference();
        InputRows joined = InputRows.concat(wanted.stream().map(member -> member.inference().rows()).toList());
        each.predict(new Inference(first.lease(), joined, first.outputs(), () -> true, first.freshness()))
                .whenComplete((answered, failure) -> {
                    if (answered == null) {
                        // One of them may be to blame: alone, each gets what it deserves.
                        wanted.forEach(member -> runAlone(member, each, start));
                    } else {
                        handOut(wanted, answered, start);
                    }
                });
    }

    private static void handOut(List<Member> wanted, Answered answered, long start) {
        int from = 0;
        for (Member member : wanted) {
            int count = member.inference().rows().rows();
            List<Tensor> share = new ArrayList<>(answered.outputs().size());
            for (Tensor output : answered.outputs()) {
                share.add(Rows.slice(output, from, count));
            }
            from += count;
            member.answer().complete(new Answered(share, answered.source(), start - member.since()));
        }
    }

    private static void runAlone(Member member, Predictor each, long start) {
        each.predict(member.inference()).whenComplete((answered, failure) -> {
            if (answered == null) {
                member.answer().completeExceptionally(failure == null
                        ? new ServingFailure.InferenceFailed("there was no answer", null)
                        : failure);
            } else {
                member.answer().complete(
                        new Answered(answered.outputs(), answered.source(), start - member.since()));
            }
        });
    }
}
