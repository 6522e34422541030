package io.modelyard.predict;

import io.micronaut.core.annotation.NonBlocking;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.modelyard.http.ClientConnection;
import io.modelyard.http.FailureAnswers;
import io.modelyard.http.RequestId;
import io.modelyard.http.RequestTimeout;
import io.modelyard.http.RequestTrace;
import io.modelyard.model.Caller;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Answers predictions. */
@Controller("/predict")
@Secured("predict")
@Consumes(MediaType.APPLICATION_JSON)
final class PredictController {
    static final String EXAMPLE = """
                                  {"inputs": [[5.1, 3.5, 1.4, 0.2]]}""";

    private static final String DIGEST = "X-Model-Digest";
    private static final String CACHE = "X-Cache";

    private final PredictionPipeline pipeline;
    private final FailureAnswers failures;
    private final Duration longestWait;

    PredictController(PredictionPipeline pipeline, FailureAnswers failures, PredictConfiguration configuration) {
        this.failures = failures;
        this.pipeline = pipeline;
        this.longestWait = configuration.requestTimeout();
    }

    /** Predicts with the active version of the default type, or with the model that the body names. */
    @Post
    @NonBlocking
    CompletionStage<HttpResponse<byte[]>> predict(HttpRequest<?> request,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object", requiredProperties = "inputs"), examples = @ExampleObject(name = "rows", value = PredictController.EXAMPLE))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        return answer(request, null, null, body, caller);
    }

    /** Predicts with the active version of a type. */
    @Post("/{type}")
    @NonBlocking
    CompletionStage<HttpResponse<byte[]>> predict(HttpRequest<?> request, @PathVariable String type,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object", requiredProperties = "inputs"), examples = @ExampleObject(name = "rows", value = PredictController.EXAMPLE))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        return answer(request, type, null, body, caller);
    }

    /** Predicts with one version, or with the version that an {@code @alias} names. */
    @Post("/{type}/{version}")
    @NonBlocking
    CompletionStage<HttpResponse<byte[]>> predict(HttpRequest<?> request, @PathVariable String type,
            @PathVariable String version,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object", requiredProperties = "inputs"), examples = @ExampleObject(name = "rows", value = PredictController.EXAMPLE))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        return answer(request, type, version, body, caller);
    }

    private CompletionStage<HttpResponse<byte[]>> answer(HttpRequest<?> request, @Nullable String type,
            @Nullable String version, byte[] body, Caller caller) {
        long now = System.nanoTime();
        return pipeline.answer(new PredictionCall(type, version, body, caller, RequestId.of(request), now,
                now + RequestTimeout.of(request, longestWait).toNanos(), ClientConnection.of(request),
                request.getHeaders()::get,
                RowAllowance.ALONE, Freshness.of(request.getHeaders().getAll(HttpHeaders.CACHE_CONTROL)),
                RequestTrace.of(request), false))
                .handle((answer, failure) -> failure == null
                        ? HttpResponse.ok(answer.json()).contentType(MediaType.APPLICATION_JSON_TYPE)
                                .header(DIGEST, answer.modelDigest()).header(CACHE, answer.source().word())
                        : failures.json(request, failure));
    }
}
