package io.modelyard.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.codec.CodecException;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.exceptions.NotAcceptableException;
import io.micronaut.http.server.exceptions.NotAllowedException;
import io.micronaut.http.server.exceptions.NotFoundException;
import io.micronaut.http.server.exceptions.UnsupportedMediaException;
import io.micronaut.json.JsonSyntaxException;
import io.micronaut.serde.exceptions.SerdeException;
import io.micronaut.web.router.exceptions.DuplicateRouteException;
import io.micronaut.web.router.exceptions.UnsatisfiedBodyRouteException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import io.modelyard.http.LargeBodies.Allowance;
import io.modelyard.model.ServingFailure;
import io.netty.handler.codec.compression.DecompressionException;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of every exception that ends a request, our own and the framework's, what it means to the caller. */
@Singleton
final class Diagnostician {
    private final BodyLimits limits;

    Diagnostician(BodyLimits limits) {
        this.limits = limits;
    }

    /**
     * @param cause what ended the request; null where the framework only knows a status
     * @param status what the framework would answer
     */
    Diagnosis diagnose(HttpRequest<?> request, @Nullable Throwable cause, int status) {
        return switch (cause) {
            case ServingFailure failure -> Diagnosis.of(failure);
            case NotFoundException _ -> Diagnosis.of(404, "not_found",
                    "there is no " + request.getMethodName() + " " + request.getPath());
            case NotAllowedException e -> Diagnosis.of(405, "method_not_allowed", request.getPath() + " knows no "
                    + request.getMethodName() + ", only " + listed(e.getAllowedMethods()));
            case NotAcceptableException e -> Diagnosis.of(406, "not_acceptable", request.getPath() + " answers with "
                    + listed(e.getProduceableContentTypes()) + ", and the header Accept asks for "
                    + listed(e.getAcceptedTypes()));
            case UnsupportedMediaException e -> Diagnosis.of(415, "unsupported_media_type", request.getMethodName()
                    + " " + request.getPath() + " reads " + listed(e.getAcceptableContentTypes()) + ", not "
                    + e.getContentType());
            case ContentLengthExceededException _,BufferLengthExceededException _ -> tooLarge(request);
            case SlowBodyException _ -> tooSlow("the body");
            case JsonSyntaxException e -> malformedJson(e);
            case JsonProcessingException e -> malformedJson(e);
            case SerdeException e -> BodyProblems.of(e);
            case CodecException e when e.getCause() instanceof JsonSyntaxException syntax -> malformedJson(syntax);
            case ConversionErrorException e -> conversion(e);
            case UnsatisfiedBodyRouteException _ -> Diagnosis.of(400, "malformed_json",
                    request.getMethodName() + " " + request.getPath() + " needs a body, and there is none");
            case UnsatisfiedRouteException e -> missing(e);
            case ConstraintViolationException e -> BodyProblems.of(e);
            case URISyntaxException _ -> Diagnosis.of(400, "bad_parameter", "the URL is not well formed");
            case DecompressionException _ -> Diagnosis.of(400, "bad_parameter",
                    "the body is not what its Content-Encoding says");
            case DuplicateRouteException _ -> internal();
            case HttpStatusException e -> byStatus(e.getStatus().getCode(), e.getMessage());
            case null -> byStatus(status, null);
            default -> status == 400 ? Diagnosis.of(400, "bad_parameter", "the request cannot be read") : internal();
        };
    }

    /** Whether the request only asks which methods there are, and the answer has just been found. */
    static boolean asksForMethods(HttpRequest<?> request, @Nullable Throwable cause) {
        return request.getMethod() == HttpMethod.OPTIONS && cause instanceof NotAllowedException;
    }

    /** @param part of the request */
    static Diagnosis tooSlow(String part) {
        return new Diagnosis(408, "request_timeout", part + " of the request came too slowly to be waited for; send it "
                + "faster", true, List.of(), Optional.empty());
    }

    private Diagnosis tooLarge(HttpRequest<?> request) {
        Allowance allowed = limits.of(request.getMethodName(), request.getPath());
        return Diagnosis.of(413, "payload_too_large", "the body is larger than the " + allowed.bytes()
                + " bytes that this server reads here (" + allowed.property() + ")");
    }

    private static Diagnosis malformedJson(Throwable e) {
        String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return Diagnosis.of(400, "malformed_json", "the body is not JSON" + (reason == null ? "" : ": " + reason));
    }

    private static Diagnosis conversion(ConversionErrorException e) {
        Throwable cause = e.getConversionError().getCause();
        if (isBody(e.getArgument())) {
            return switch (cause) {
                case SerdeException serde -> BodyProblems.of(serde);
                case CodecException codec when codec.getCause() instanceof SerdeException serde -> BodyProblems
                        .of(serde);
                default -> malformedJson(cause);
            };
        }
        Object value = e.getConversionError().getOriginalValue().orElse(null);
        return Diagnosis.of(400, "bad_parameter", "'" + name(e.getArgument()) + "' must be "
                + kind(e.getArgument().getType()) + (value == null ? "" : ", not '" + value + "'"));
    }

    private static Diagnosis missing(UnsatisfiedRouteException e) {
        return Diagnosis.of(400, "bad_parameter", "'" + name(e.getArgument()) + "' is missing");
    }

    /** Without an exception, the request line or the headers could not even be read. */
    private static Diagnosis byStatus(int status, @Nullable String message) {
        return switch (status) {
            case 401 -> Diagnosis.of(401, "unauthenticated", or(message, "a key is needed"));
            case 403 -> Diagnosis.of(403, "forbidden", or(message, "this key may not do that"));
            case 404 -> Diagnosis.of(404, "not_found", or(message, "there is nothing here"));
            case 405 -> Diagnosis.of(405, "method_not_allowed", or(message, "not by this method"));
            case 406 -> Diagnosis.of(406, "not_acceptable", or(message, "not in this form"));
            case 413 ->
                Diagnosis.of(413, "payload_too_large", or(message, "the request line or the headers are too long"));
            case 415 ->
                Diagnosis.of(415, "unsupported_media_type", or(message, "this type of content is not read here"));
            default -> status < 500
                    ? Diagnosis.of(status, "bad_parameter", or(message, "the request cannot be read"))
                    : internal();
        };
    }

    static Diagnosis internal() {
        return Diagnosis.of(500, "internal",
                "the server failed, and this is not the caller's fault; its log says more under this request_id");
    }

    private static String or(@Nullable String message, String otherwise) {
        return message == null || message.isBlank() ? otherwise : message;
    }

    private static boolean isBody(Argument<?> argument) {
        return argument.getAnnotationMetadata().hasAnnotation(Body.class);
    }

    private static String name(Argument<?> argument) {
        return argument.getAnnotationMetadata().stringValue("io.micronaut.core.bind.annotation.Bindable")
                .filter(name -> !name.isEmpty()).orElse(argument.getName());
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.stream(type.getEnumConstants()).map(String::valueOf)
                    .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long", "short", "Short" -> "a whole number";
            case "double", "Double", "float", "Float", "BigDecimal" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "Instant", "OffsetDateTime", "ZonedDateTime" -> "a time such as 2026-11-20T10:00:00Z";
            case "Duration" -> "a duration such as 30s";
            default -> "a " + type.getSimpleName();
        };
    }

    private static String listed(Collection<String> words) {
        return words.stream().sorted().collect(Collectors.joining(", "));
    }
}
