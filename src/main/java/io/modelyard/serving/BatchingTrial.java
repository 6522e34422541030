package io.modelyard.serving;

import io.modelyard.runtime.DescribedModel;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Rows;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Measures what a model gains when rows are computed together instead of one by one. */
final class BatchingTrial {
    /** Of several times the shortest counts: the others were disturbed. */
    private static final int MOST_TIMES = 7;
    private static final long ENOUGH = Duration.ofMillis(100).toNanos();

    private BatchingTrial() {}

    /**
     * Runs a model that can answer many rows in one call, which takes a tenth of a second or two calls, whichever is longer.
     *
     * @param one one row that the model answers
     * @param rows how many of it are joined
     */
    static Batching.Trial measure(DescribedModel model, InputRows one, int rows) {
        List<String> outputs = model.signature().defaultOutputs().stream().map(TensorSpec::name).toList();
        InputRows joined = InputRows.concat(Collections.nCopies(rows, one));
        long start = System.nanoTime();
        long shortestOne = Long.MAX_VALUE;
        long shortestJoined = Long.MAX_VALUE;
        boolean sameBits = true;
        for (int time = 0; time < MOST_TIMES && (time == 0 || System.nanoTime() - start < ENOUGH); time++) {
            long before = System.nanoTime();
            List<Tensor> alone = model.run(one, outputs);
            long between = System.nanoTime();
            List<Tensor> together = model.run(joined, outputs);
            shortestOne = Math.min(shortestOne, between - before);
            shortestJoined = Math.min(shortestJoined, System.nanoTime() - between);
            sameBits &= isEveryRow(together, alone, rows);
        }
        return new Batching.Trial(rows, (double) shortestOne * rows / shortestJoined, sameBits);
    }

    private static boolean isEveryRow(List<Tensor> together, List<Tensor> alone, int rows) {
        for (int output = 0; output < alone.size(); output++) {
            for (int row = 0; row < rows; row++) {
                if (!Objects.deepEquals(Rows.slice(together.get(output), row, 1).array(), alone.get(output).array())) {
                    return false;
                }
            }
        }
        return true;
    }
}
