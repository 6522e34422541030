package io.modelyard.transform;

import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the inputs before the model sees them: words are mapped to numbers, missing values filled, values clipped,
 * then normalized as {@code (x / scale − mean) / std}. In this order, because only numbers can be filled and clipped; because
 * what is put in for a missing value is written in the unit of the feature, as its bounds are, and so must come before
 * normalizing; and because a filled value is to be treated as a measured one. Immutable; safe for many threads.
 */
public final class Preprocessing {
    private final InputDecoder decoder;
    private final List<Pass> passes;

    /** One step over all inputs. */
    record Pass(Step step, List<Kernel> byInput) {}

    Preprocessing(InputDecoder decoder, List<Pass> passes) {
        this.decoder = decoder;
        this.passes = List.copyOf(passes);
    }

    /** Of a request's rows: it also takes the words that are mapped and the nulls that are filled. */
    public InputDecoder decoder() {
        return decoder;
    }

    /**
     * Runs the steps on rows that {@link #decoder} has read. Their arrays are written to: nobody else may hold them yet.
     *
     * @param times where the time of each step is added
     * @throws InvalidInputException if a step has numbers for another length of a free axis than the rows have
     */
    public InputRows apply(InputRows rows, StepTimes times) {
        for (Pass pass : passes) {
            long start = System.nanoTime();
            List<Tensor> tensors = rows.tensors();
            for (int i = 0; i < tensors.size(); i++) {
                pass.byInput().get(i).apply(tensors.get(i));
            }
            times.add(pass.step(), System.nanoTime() - start);
        }
        return rows;
    }

    /** The steps that there are, in their order. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        passes.forEach(pass -> steps.add(pass.step()));
        return steps;
    }
}
