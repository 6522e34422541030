package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;

/**
 * Answers with a problem what a route could not do. A route that refuses thousands of requests a second, because there are too
 * many, asks here instead of failing: the framework looks for the handler of an exception anew each time, which was measured
 * to take longer than all else that such an answer needs.
 */
@Singleton
public final class FailureAnswers {
    private final ProblemAnswers answers;
    private final JsonMapper json;

    FailureAnswers(ProblemAnswers answers, JsonMapper json) {
        this.answers = answers;
        this.json = json;
    }

    /**
     * For a route that answers with bytes.
     *
     * @param failure a ServingFailure, or a defect of ours
     */
    public HttpResponse<byte[]> json(HttpRequest<?> request, Throwable failure) {
        MutableHttpResponse<Object> answer = of(request, failure instanceof CompletionException wrapped
                && wrapped.getCause() != null ? wrapped.getCause() : failure);
        try {
            return answer.body(json.writeValueAsBytes(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MutableHttpResponse<Object> of(HttpRequest<?> request, Throwable failure) {
        return answers.processResponse(ErrorContext.builder(request).cause(failure).build(),
                HttpResponse.serverError());
    }
}
