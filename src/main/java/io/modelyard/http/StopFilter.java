package io.modelyard.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.modelyard.model.ServingFailure;

/** Refuses what comes after the server stopped taking requests. Whoever only watches it is answered to the end. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StopFilter {
    private final InFlight inFlight;

    StopFilter(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @RequestFilter
    void refuse(HttpRequest<?> request) {
        if (inFlight.phase() == InFlight.Phase.REFUSING && !watches(request.getPath())) {
            throw ServingFailure.Unavailable.shuttingDown();
        }
    }

    private static boolean watches(String path) {
        return path.startsWith("/health") || path.equals("/metrics");
    }
}
