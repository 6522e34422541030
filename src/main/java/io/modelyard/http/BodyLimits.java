package io.modelyard.http;

import io.micronaut.http.body.stream.BodySizeLimits;
import io.micronaut.http.server.HttpServerConfiguration;
import io.modelyard.http.LargeBodies.Allowance;
import jakarta.inject.Singleton;

import java.util.List;
import java.util.Optional;

/** How large the body of a request may be: as the server's configuration says, unless its route says otherwise. */
@Singleton
final class BodyLimits {
    private final Allowance ofServer;
    private final long buffer;
    private final List<LargeBodies> routes;

    BodyLimits(HttpServerConfiguration server, List<LargeBodies> routes) {
        this.ofServer = new Allowance(server.getMaxRequestSize(), "micronaut.server.max-request-size");
        this.buffer = server.getMaxRequestBufferSize();
        this.routes = List.copyOf(routes);
    }

    Allowance of(String method, String path) {
        for (LargeBodies route : routes) {
            Optional<Allowance> own = route.of(method, path);
            if (own.isPresent()) {
                return own.get();
            }
        }
        return ofServer;
    }

    /** Whether a route has an allowance of its own, so that a body may take as long as it gets on. */
    boolean isLarge(Allowance allowance) {
        return !allowance.equals(ofServer);
    }

    /** As the framework is told; what is buffered as a whole has the server's limit on every route. */
    BodySizeLimits forFramework(Allowance allowance) {
        return new BodySizeLimits(allowance.bytes(), buffer);
    }
}
