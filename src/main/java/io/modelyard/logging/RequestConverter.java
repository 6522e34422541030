package io.modelyard.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Writes the request of a line, after a space and in brackets; nothing where a line belongs to none. */
public final class RequestConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return LoggedRequest.of(event)
                .map(request -> " [" + request.id()
                        + (request.traceId() == null ? "" : ", trace " + request.traceId()) + "]")
                .orElse("");
    }
}
