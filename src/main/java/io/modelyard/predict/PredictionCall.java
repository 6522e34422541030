package io.modelyard.predict;

import io.modelyard.http.ClientConnection;
import io.modelyard.model.Caller;
import org.jspecify.annotations.Nullable;

/**
 * One request as it came in.
 *
 * @param type that the path names, or null
 * @param version or @alias that the path names, or null
 * @param receivedNanos {@link System#nanoTime()} when the body had been read
 * @param deadlineNanos {@link System#nanoTime()} when the answer comes too late
 * @param connection on which the answer is waited for
 * @param headers of the request
 * @param allowance of rows, which this prediction may share with others
 * @param freshness whether an answer that was computed before will do
 */
record PredictionCall(@Nullable String type, @Nullable String version, byte[] body, Caller caller, String requestId,
        long receivedNanos, long deadlineNanos, ClientConnection connection, RequestHeaders headers,
        RowAllowance allowance, Freshness freshness) {

    /** The same but for its body. */
    PredictionCall of(byte[] item) {
        return new PredictionCall(type, version, item, caller, requestId, receivedNanos, deadlineNanos, connection,
                headers, allowance, freshness);
    }
}
