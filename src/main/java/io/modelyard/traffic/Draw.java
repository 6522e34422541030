package io.modelyard.traffic;

import io.modelyard.model.Experiment;

import java.util.Optional;

/** What one request brings to the choice of an arm: the same whenever it is asked, so that a choice can be made again. */
public interface Draw {
    /** From 0 up to but not including 1, all equally likely. */
    double random();

    /** What the arm depends on; empty where the request does not have it. */
    Optional<String> value(Experiment.HashOn on);
}
