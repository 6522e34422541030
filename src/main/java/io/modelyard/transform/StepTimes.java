package io.modelyard.transform;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/**
 * How long each step of one request took. Costs next to nothing until a step has run. Written by one thread at a time, and
 * read by any.
 */
public final class StepTimes {
    private volatile @Nullable Run last;

    /** One run of a step, and those before it. */
    private record Run(Step step, long nanos, @Nullable Run before) {}

    void add(Step step, long elapsedNanos) {
        last = new Run(step, elapsedNanos, last);
    }

    public boolean isEmpty() {
        return last == null;
    }

    /** The steps that have run, in their order. */
    public List<Step> steps() {
        return isEmpty() ? List.of() : runs().map(Run::step).distinct().sorted().toList();
    }

    /** In nanoseconds, all runs of the step together; 0 for a step that has not run. */
    public long nanos(Step step) {
        return runs().filter(run -> run.step() == step).mapToLong(Run::nanos).sum();
    }

    private Stream<Run> runs() {
        return Stream.iterate(last, run -> run != null, Run::before);
    }
}
