package io.modelyard.access;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import io.modelyard.http.FailureAnswers;
import io.modelyard.http.RequestThread;
import io.modelyard.model.RowQuota;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Lets a request through that its key may still make, after it is known whose it is and that it may make it at all. The answers
 * to keys with limits say how much is left; those to others pass.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class LimitFilter implements Ordered {
    private static final String LIMITER = "modelyard.access.limiter";
    private static final String POLICY = "RateLimit-Policy";
    private static final String STATE = "RateLimit";

    private final FailureAnswers failures;

    LimitFilter(FailureAnswers failures) {
        this.failures = failures;
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.after();
    }

    /** Null and empty let the request through. */
    @RequestFilter
    @Nullable
    CompletionStage<Optional<HttpResponse<?>>> admit(HttpRequest<?> request) {
        KeyLimiter limiter = request.getUserPrincipal(Holder.class).map(Holder::limiter).orElse(null);
        if (limiter == null) {
            return null;
        }
        request.setAttribute(LIMITER, limiter);
        CompletionStage<Void> admitted = limiter.admit();
        return admitted.equals(RowQuota.GRANTED)
                ? null
                : admitted.handleAsync((_, refused) -> Optional.ofNullable(refused)
                        .map(why -> tell(limiter, failures.json(request, why).toMutableResponse())),
                        RequestThread.of(request));
    }

    /** Not asked about what {@link #admit} has answered. */
    @ResponseFilter
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(LIMITER, KeyLimiter.class).ifPresent(limiter -> tell(limiter, response));
    }

    private static MutableHttpResponse<?> tell(KeyLimiter limiter, MutableHttpResponse<?> response) {
        return response.header(POLICY, limiter.policy()).header(STATE, limiter.state());
    }
}
