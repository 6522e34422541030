package io.modelyard.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Makes every error that the server answers with a {@link Problem}: the framework's own handlers and filters all come
 * here for their bodies.
 */
@Singleton
final class ProblemAnswers implements ErrorResponseProcessor<Object> {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);

    private final Diagnostician diagnostician;

    ProblemAnswers(Diagnostician diagnostician) {
        this.diagnostician = diagnostician;
    }

    @Override
    @SuppressWarnings("unchecked") // the body is replaced, so its type is ours to say
    public MutableHttpResponse<Object> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
        HttpRequest<?> request = context.getRequest();
        Throwable cause = context.getRootCause().orElse(null);
        String requestId = RequestId.of(request);
        MutableHttpResponse<Object> answer = (MutableHttpResponse<Object>) response;
        answer.header(RequestId.HEADER, requestId);
        if (Diagnostician.asksForMethods(request, cause)) {
            return answer.status(HttpStatus.NO_CONTENT).body(null);
        }
        Diagnosis diagnosis = diagnostician.diagnose(request, cause, response.code());
        if (diagnosis.status() == 500) {
            LOG.atError().addKeyValue(RequestId.LOG_KEY, requestId).setCause(cause).log("{} {} failed",
                    request.getMethodName(), request.getPath());
        }
        diagnosis.retryAfter().ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, seconds(wait)));
        String title = title(diagnosis.status());
        return answer.status(diagnosis.status(), title).contentType(Problem.MEDIA)
                .body(new Problem("about:blank", title, diagnosis.status(), diagnosis.code(),
                        diagnosis.detail(), diagnosis.retryable(), requestId, diagnosis.errors()));
    }

    private static String title(int status) {
        return status == FailureStatus.CLIENT_GONE ? "Client Closed Request" : HttpStatus.valueOf(status).getReason();
    }

    /** Whole seconds, rounded up: who comes earlier comes in vain. */
    private static String seconds(Duration wait) {
        return String.valueOf(Math.max(1, wait.plusMillis(999).toSeconds()));
    }
}
