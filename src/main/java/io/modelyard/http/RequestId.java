package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** The name of one exchange: in its answer, in its problem and in every line of the log about it. */
public final class RequestId {
    /** The header that carries it, in both directions. */
    public static final String HEADER = "X-Request-Id";
    /** What a line of the log calls it that names its request by itself, because no thread does. */
    public static final String LOG_KEY = "request_id";
    private static final int MAX_LENGTH = 128;

    private RequestId() {}

    /** The name of this exchange; the same at every call. */
    public static String of(HttpRequest<?> request) {
        String given = request.getHeaders().get(HEADER);
        if (given != null && isSane(given)) {
            return given;
        }
        // Reached only where no front door stood before: it leaves a sane header on every request.
        return request.getAttribute(HEADER, String.class).orElseGet(() -> {
            String fresh = fresh();
            request.setAttribute(HEADER, fresh);
            return fresh;
        });
    }

    /** What the caller called its request if that may go into headers and logs as it is, else a fresh name. */
    static String given(@Nullable String header) {
        return header != null && isSane(header) ? header : fresh();
    }

    private static String fresh() {
        return UUID.randomUUID().toString();
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
