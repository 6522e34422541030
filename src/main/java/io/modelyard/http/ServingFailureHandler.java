package io.modelyard.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;

/** Answers with a problem what the features refuse. */
@Singleton
final class ServingFailureHandler implements ExceptionHandler<ServingFailure, HttpResponse<?>> {
    private final FailureAnswers answers;

    ServingFailureHandler(FailureAnswers answers) {
        this.answers = answers;
    }

    @Override
    public HttpResponse<?> handle(HttpRequest request, ServingFailure failure) {
        HttpRequest<?> typed = request;
        return answers.of(typed, failure);
    }
}
