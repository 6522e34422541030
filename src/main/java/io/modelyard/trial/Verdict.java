package io.modelyard.trial;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is known of a model since it was tried, until the library that computes is another.
 *
 * @param model {@code type/version} that was tried, for whoever reads the file
 * @param library that computed, {@code xgboost4j 3.4.0} for example
 * @param killed in words, how the model ended the process that tried it; null where it did not
 * @param memory bytes that it took; 0 where it did not get so far
 */
record Verdict(String model, String library, @Nullable String killed, long memory, Instant at) {}
