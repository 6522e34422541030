package io.modelyard.access;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import io.modelyard.http.AnswerHeaders;
import io.modelyard.http.FailureAnswers;
import io.modelyard.http.RequestThread;
import io.modelyard.model.RowQuota;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Lets a request through that its key may still make, after it is known whose it is and that it may make it at all. The answers
 * to keys with limits say how much is left. Every request passes here, and most have no limits: those pay for one look.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class LimitFilter implements Ordered {
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
        KeyLimiter limiter = request.getUserPrincipal().orElse(null) instanceof Holder holder
                ? holder.limiter()
                : null;
        if (limiter == null) {
            return null;
        }
        AnswerHeaders.add(request, answer -> {
            answer.set(POLICY, limiter.policy());
            answer.set(STATE, limiter.state());
        });
        CompletionStage<Void> admitted = limiter.admit();
        return admitted.equals(RowQuota.GRANTED)
                ? null
                : admitted.handleAsync(
                        (_, refused) -> Optional.ofNullable(refused).map(why -> failures.json(request, why)),
                        RequestThread.of(request));
    }
}
