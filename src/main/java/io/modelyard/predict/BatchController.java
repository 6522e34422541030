package io.modelyard.predict;

import io.micronaut.core.annotation.NonBlocking;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.modelyard.http.ClientConnection;
import io.modelyard.http.RequestId;
import io.modelyard.http.RequestTimeout;
import io.modelyard.http.RequestTrace;
import io.modelyard.model.Caller;
import io.modelyard.serving.BatchingConfiguration;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Answers many predictions in one request. */
@Controller("/batch-predict")
@Secured("predict")
@Consumes(MediaType.APPLICATION_JSON)
final class BatchController {
    static final String EXAMPLE = """
                                  {"items": [{"inputs": [[5.1, 3.5, 1.4, 0.2]]}, {"inputs": [[6.7, 3.1, 5.6, 2.4]]}], "max_batch_size": 8}""";

    /**
     * Where batches are read, their items begun and their answers put together: not on the threads that compute, so that a batch
     * goes on, and ends in time, also while all of those compute.
     */
    private static final Executor READING = Thread::startVirtualThread;

    private final PredictionPipeline pipeline;
    private final int atOnce;
    private final int mostRows;
    private final Duration longestWait;

    BatchController(PredictionPipeline pipeline, BatchingConfiguration batch, PredictConfiguration configuration) {
        this.pipeline = pipeline;
        this.atOnce = batch.maxBatchSize();
        this.mostRows = configuration.maxRowsPerRequest();
        this.longestWait = configuration.requestTimeout();
    }

    /**
     * Predicts each item by itself, and answers in their order: its prediction, or why there is none.
     *
     * <p>An item is the body of a prediction, or inputs alone. {@code model_type}, {@code model_version}, {@code outputs},
     * {@code preprocessing} and {@code postprocessing} beside the items are for those that do not say so themselves. At most
     * {@code max_batch_size} items are in work at once.
     */
    @Post
    @NonBlocking
    CompletionStage<HttpResponse<byte[]>> predict(HttpRequest<?> request,
            @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = "object", requiredProperties = "items"), examples = @ExampleObject(name = "items", value = BatchController.EXAMPLE))) @Body byte[] body,
            @Parameter(hidden = true) Caller caller) {
        long now = System.nanoTime();
        PredictionCall first = new PredictionCall(null, null, body, caller, RequestId.of(request), now,
                now + RequestTimeout.of(request, longestWait).toNanos(), ClientConnection.of(request),
                request.getHeaders()::get,
                RowAllowance.shared(mostRows),
                Freshness.of(request.getHeaders().getAll(HttpHeaders.CACHE_CONTROL)), RequestTrace.of(request), true);
        return CompletableFuture.supplyAsync(() -> BatchScanner.scan(body, mostRows), READING)
                .thenCompose(scanned -> run(scanned, first))
                .thenApply(answer -> HttpResponse.ok(answer).contentType(MediaType.APPLICATION_JSON_TYPE));
    }

    private CompletionStage<byte[]> run(BatchRequest scanned, PredictionCall call) {
        return new Batch(scanned, call.requestId(), item -> pipeline.answer(call.of(item)), READING)
                .run(Math.min(atOnce, scanned.maxBatchSize().orElse(atOnce)))
                .thenApplyAsync(results -> BatchAnswerWriter.write(results, System.nanoTime() - call.receivedNanos()),
                        READING);
    }
}
