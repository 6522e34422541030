package io.modelyard.tracing;

import io.modelyard.predict.Course;
import io.modelyard.transform.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One part of the way of a prediction.
 *
 * @param from {@link System#nanoTime()}
 * @param to {@link System#nanoTime()}
 * @param steps whose times belong to it
 */
record Stage(String name, long from, long to, Set<Step> steps) {
    /** Which steps are done to inputs; the others are done to outputs. */
    private static final Set<Step> TO_INPUTS = Set.of(Step.MAP, Step.FILL, Step.CLIP, Step.NORMALIZE);
    private static final Set<Step> TO_OUTPUTS = Set.of(Step.SOFTMAX, Step.SIGMOID, Step.THRESHOLD, Step.TOP_K,
            Step.ROUND);

    /**
     * The parts that were reached, in their order, one after the other without gaps. The last one ends with the exchange.
     *
     * @param isCached whether the answer was found, and not computed
     */
    static List<Stage> of(Course course, boolean isCached) {
        List<Stage> stages = new ArrayList<>(8);
        add(stages, "queue", course.received(), course.started(), course, Set.of());
        add(stages, "scan", course.started(), course.scanned(), course, Set.of());
        add(stages, "queue", course.scanned(), course.decoding(), course, Set.of());
        add(stages, "decode", course.decoding(), course.decoded(), course, Set.of());
        add(stages, "preprocessing", course.decoded(), course.inference(), course, TO_INPUTS);
        if (course.held() > 0) {
            add(stages, "queue", course.inference(), course.inference() + course.held(), course, Set.of());
        }
        add(stages, isCached ? "cache lookup" : "inference",
                course.inference() == 0 ? 0 : course.inference() + course.held(), course.answered(), course, Set.of());
        add(stages, "postprocessing", course.answered(), course.processed(), course, TO_OUTPUTS);
        add(stages, "encode", course.processed(), course.ended(), course, Set.of());
        return stages;
    }

    private static void add(List<Stage> stages, String name, long from, long to, Course course, Set<Step> steps) {
        if (from != 0) {
            stages.add(new Stage(name, from, to == 0 ? course.ended() : to, steps));
        }
    }
}
