package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.modelyard.model.ServingFailure;

import java.time.Duration;

/** How long a caller is ready to wait, as the header {@code X-Timeout-Ms} says. */
public final class RequestTimeout {
    public static final String HEADER = "X-Timeout-Ms";

    private RequestTimeout() {}

    /**
     * @param most what the server allows, which also holds where the caller says nothing
     * @throws ServingFailure.BadParameter if the header is not a whole number above zero
     */
    public static Duration of(HttpRequest<?> request, Duration most) {
        String said = request.getHeaders().get(HEADER);
        if (said == null) {
            return most;
        }
        try {
            Duration asked = Duration.ofMillis(Long.parseLong(said.strip()));
            if (asked.isPositive()) {
                return asked.compareTo(most) < 0 ? asked : most;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            // Said below.
        }
        throw new ServingFailure.BadParameter(
                "the header " + HEADER + " must be a whole number of milliseconds above 0; it is '" + said + "'");
    }
}
