package io.modelyard.access;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import io.micronaut.web.router.RouteAttributes;
import io.modelyard.http.FailureStatus;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Singleton;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Tells those who are turned away what was missing. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
final class Refusals implements ExceptionHandler<AuthorizationException, HttpResponse<?>> {
    private final ErrorResponseProcessor<?> answers;

    Refusals(ErrorResponseProcessor<?> answers) {
        this.answers = answers;
    }

    @Override
    public HttpResponse<?> handle(HttpRequest request, AuthorizationException exception) {
        HttpRequest<?> typed = request;
        Authentication who = exception.getAuthentication();
        ServingFailure failure = who == null
                ? KeyAuthentication.refusal(typed)
                : new ServingFailure.Forbidden(forbidden(typed, who));
        MutableHttpResponse<?> response = HttpResponse.status(FailureStatus.of(failure), null);
        if (failure instanceof ServingFailure.Unauthenticated) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"modelyard\"");
        }
        return answers.processResponse(ErrorContext.builder(typed).cause(failure).build(), response);
    }

    private static String forbidden(HttpRequest<?> request, Authentication who) {
        String needed = RouteAttributes.getRouteMatch(request)
                .map(route -> quoted(route.getAnnotationMetadata().stringValues(Secured.class)))
                .orElse(quoted(Role.READ.jsonName()));
        return request.getMethodName() + " " + request.getPath() + " needs the role " + needed + "; the key '"
                + who.getName() + "' has " + String.join(", ", who.getRoles());
    }

    private static String quoted(String... roles) {
        return Arrays.stream(roles).map(role -> "'" + role + "'").collect(Collectors.joining(" or "));
    }
}
