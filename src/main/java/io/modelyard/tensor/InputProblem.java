package io.modelyard.tensor;

/**
 * One thing that is wrong with an input.
 *
 * @param pointer JSON pointer (RFC 6901) into the request body, {@code /inputs/3/petal_width} for example
 * @param detail what is wrong there and what would be right
 */
public record InputProblem(String pointer, String detail) {}
