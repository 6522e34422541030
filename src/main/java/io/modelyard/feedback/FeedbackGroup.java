package io.modelyard.feedback;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the predictions of one version, and of one arm where an experiment chose it.
 *
 * @param experiment null where none chose the version
 * @param arm of that experiment
 */
public record FeedbackGroup(String type, String version, @Nullable String experiment, @Nullable String arm,
        FeedbackSums sums) {}
