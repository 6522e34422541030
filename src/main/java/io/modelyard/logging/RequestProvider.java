package io.modelyard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import io.modelyard.http.AccessLine;
import io.modelyard.http.CurrentRequest;
import net.logstash.logback.composite.AbstractJsonProvider;

import java.io.IOException;
import java.util.Optional;

/** Writes the members {@code request_id} and {@code trace_id} of a line, and those that a line of the access log has besides. */
public final class RequestProvider extends AbstractJsonProvider<ILoggingEvent> {
    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
        Optional<CurrentRequest> request = LoggedRequest.of(event);
        if (request.isPresent()) {
            json.writeStringField("request_id", request.get().id());
            if (request.get().traceId() != null) {
                json.writeStringField("trace_id", request.get().traceId());
            }
        }
        AccessLine line = LoggedRequest.accessLine(event);
        if (line != null) {
            json.writeStringField("method", line.method());
            json.writeStringField("path", line.path());
            if (line.status() == AccessLine.GONE) {
                json.writeBooleanField("gone", true);
            } else {
                json.writeNumberField("status", line.status());
            }
            json.writeNumberField("duration_us", line.micros());
        }
    }
}
