package io.modelyard.http;

import java.util.Optional;

/**
 * A route that reads larger bodies than {@code micronaut.server.max-request-size} allows. It must stream them: what is
 * read as a whole stays below that limit everywhere. Safe for use by many threads.
 */
public interface LargeBodies {
    /**
     * What may be sent to this path by this method; empty where the server's own limit holds. Asked before anything is known
     * of the caller, on an event loop, so it must be quick.
     *
     * @param path without the query, as it was sent
     */
    Optional<Allowance> of(String method, String path);

    /**
     * How large a body may be.
     *
     * @param bytes after a {@code Content-Encoding} was undone
     * @param property of the configuration, for whoever is refused
     */
    record Allowance(long bytes, String property) {}
}
