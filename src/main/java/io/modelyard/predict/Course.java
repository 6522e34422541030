package io.modelyard.predict;

import io.modelyard.http.RequestTrace;

/**
 * When the parts of an exchange began, for who follows it. {@link System#nanoTime()}; a part that was not reached has 0.
 *
 * @param trace of the request that the exchange belongs to
 * @param isItem whether the request asks for other predictions, too
 * @param received the body had been read
 * @param started a thread began to scan it
 * @param scanned it was scanned, and the model chosen next
 * @param decoding the model's turn had come
 * @param decoded the inputs were read, and pre-processing came next
 * @param inference it was handed to the Predictors, which held it
 * @param held for so many nanoseconds for others to be computed with
 * @param answered the outputs were there
 * @param processed post-processing was done, and the answer written next
 * @param ended the answer was whole, or it was clear that there is none
 */
public record Course(RequestTrace trace, boolean isItem, long received, long started, long scanned, long decoding,
        long decoded, long inference, long held, long answered, long processed, long ended) {}
