package io.modelyard.dashboard;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.sse.Event;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import org.reactivestreams.Publisher;

/** What happens on this server, as it happens. */
@Controller("/events")
@Secured("read")
@Hidden
final class EventsController {
    private final EventStreams streams;

    EventsController(EventStreams streams) {
        this.streams = streams;
    }

    /**
     * Server-sent events: how things are, and then each second what changed.
     *
     * @param once whether it ends when it has said how things are
     */
    @Get(produces = MediaType.TEXT_EVENT_STREAM)
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<Publisher<Event<String>>> events(@QueryValue(defaultValue = "false") boolean once,
            @Parameter(hidden = true) Caller caller) {
        return HttpResponse
                .<Publisher<Event<String>>>ok(
                        Publishers.map(streams.open(caller, once), told -> Event.of(told.json()).name(told.name())))
                .header(HttpHeaders.CACHE_CONTROL, "no-store").header("X-Accel-Buffering", "no");
    }
}
