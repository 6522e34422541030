package io.modelyard.metrics;

/**
 * An arm of an experiment, as series name it.
 *
 * @param experiment its id
 * @param version that the arm has
 */
record Arm(String type, String experiment, String arm, String version) {}
