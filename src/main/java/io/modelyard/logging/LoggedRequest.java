package io.modelyard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.modelyard.http.AccessLine;
import io.modelyard.http.CurrentRequest;
import io.modelyard.http.RequestId;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

import java.util.List;
import java.util.Optional;

/**
 * The request that a line belongs to. It is looked for when a line is written and not put where it may be needed when a request comes:
 * requests are many, and lines about them few.
 */
final class LoggedRequest {
    private LoggedRequest() {}

    /** What the line itself names, else what the thread works for, which the framework takes along from thread to thread. */
    static Optional<CurrentRequest> of(ILoggingEvent event) {
        AccessLine line = accessLine(event);
        if (line != null) {
            return Optional.of(line.request());
        }
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                if (RequestId.LOG_KEY.equals(pair.key)) {
                    return Optional.of(new CurrentRequest(String.valueOf(pair.value), null));
                }
            }
        }
        return CurrentRequest.get();
    }

    /** Null where the line is another. */
    static @Nullable AccessLine accessLine(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        return arguments != null && arguments.length == 1 && arguments[0] instanceof AccessLine line ? line : null;
    }
}
