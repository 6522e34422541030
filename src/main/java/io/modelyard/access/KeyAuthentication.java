package io.modelyard.access;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import io.micronaut.security.token.TokenAuthenticationFetcher;
import io.modelyard.access.KeyRing.Verdict;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.time.Duration;
import java.util.List;

/**
 * Reads the key of a request. A key that is not good is not yet an error: the path may be a public one. Why it was not
 * good is left with the request for {@link Refusals}.
 */
@Singleton
@Replaces(TokenAuthenticationFetcher.class)
final class KeyAuthentication implements AuthenticationFetcher<HttpRequest<?>> {
    static final String KEY_HEADER = "X-API-Key";
    private static final String REFUSAL = "modelyard.access.refusal";
    private static final String PAUSE = "modelyard.access.pause";
    private static final String BEARER = "Bearer ";
    private static final List<String> KEYS_IN_URLS = List.of("api_key", "apikey", "api-key", "x-api-key",
            "access_token");
    private static final String NO_KEY = "this needs a key: send it in the header X-API-Key, or as Authorization: Bearer";

    private final KeyRing ring;
    private final FailedAttempts attempts;

    KeyAuthentication(KeyRing ring, FailedAttempts attempts) {
        this.ring = ring;
        this.attempts = attempts;
    }

    @Override
    public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
        String key = request.getHeaders().get(KEY_HEADER);
        if (key == null) {
            String authorization = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
            if (authorization == null) {
                return Publishers.empty();
            }
            if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return refused(request, "Authorization must be 'Bearer' and a key; X-API-Key takes a key alone");
            }
            key = authorization.substring(BEARER.length());
        }
        return switch (ring.check(new PlainKey(key.strip()))) {
            case Verdict.Accepted(Holder holder) -> Publishers.just(holder);
            case Verdict.Refused(String reason) -> {
                Duration pause = attempts.failed(request.getRemoteAddress().getAddress());
                if (pause.isPositive()) {
                    request.setAttribute(PAUSE, pause);
                }
                yield refused(request, reason);
            }
        };
    }

    private static Publisher<Authentication> refused(HttpRequest<?> request, String reason) {
        request.setAttribute(REFUSAL, reason);
        return Publishers.empty();
    }

    /** Why the request is nobody's. */
    static ServingFailure refusal(HttpRequest<?> request) {
        return request.getAttribute(PAUSE, Duration.class)
                .<ServingFailure>map(
                        pause -> ServingFailure.Overloaded.rateLimited("too many keys that are not valid came"
                                + " from this address; keys that are valid work at any time", pause))
                .orElseGet(() -> new ServingFailure.Unauthenticated(reason(request)));
    }

    private static String reason(HttpRequest<?> request) {
        return request.getAttribute(REFUSAL, String.class)
                .orElseGet(() -> KEYS_IN_URLS.stream().anyMatch(request.getParameters()::contains)
                        ? "a key is not read from the URL, where every log on the way keeps it: send it in the header "
                                + "X-API-Key, and have this one revoked"
                        : NO_KEY);
    }
}
