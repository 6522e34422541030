package io.modelyard.predict;

/**
 * What goes back to the caller.
 *
 * @param json the whole body
 * @param predictions the part of it that is the array of predictions
 */
record PredictionAnswer(byte[] json, byte[] predictions, String modelDigest, AnswerSource source) {}
