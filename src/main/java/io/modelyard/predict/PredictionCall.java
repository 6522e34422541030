package io.modelyard.predict;

import io.modelyard.http.ClientConnection;
import io.modelyard.http.RequestTrace;
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
 * @param trace what follows the request; null where nobody does
 * @param isItem whether the request asks for other predictions, too
 */
record PredictionCall(@Nullable String type, @Nullable String version, byte[] body, Caller caller, String requestId,
        long receivedNanos, long deadlineNanos, ClientConnection connection, RequestHeaders headers,
        RowAllowance allowance, Freshness freshness, @Nullable RequestTrace trace, boolean isItem) {

    /** One of several that the request asks for. */
    PredictionCall of(byte[] item) {
        return new PredictionCall(type, version, item, caller, requestId, receivedNanos, deadlineNanos, connection,
                headers, allowance, freshness, trace, true);
    }
}
