package io.modelyard.transform;

import io.modelyard.tensor.Vocabulary;

/**
 * The numbers that the words of one column stand for.
 *
 * @param numbers one for each word of the vocabulary
 * @param unknown of any other word; NaN makes it a missing value. Without meaning where the vocabulary is closed
 */
record Categories(Vocabulary vocabulary, double[] numbers, double unknown) {}
