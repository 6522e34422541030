package io.modelyard.requestlog;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Reads the request log. On platform threads: calls into SQLite are native, and a long one would hold the carrier of a
 * virtual thread that all other requests need.
 */
@Controller("/logs")
@Secured("logs")
@ExecuteOn(TaskExecutors.IO)
final class LogsController {
    private static final String LINES = "application/x-ndjson";

    private final RequestLog log;
    private final ExecutorService platformThreads;

    LogsController(RequestLog log, @Named(TaskExecutors.IO) ExecutorService platformThreads) {
        this.log = log;
        this.platformThreads = platformThreads;
    }

    /**
     * The newest predictions first. With {@code Accept: application/x-ndjson} one a line, and all that match where
     * {@code n_limit} says nothing.
     *
     * @param limit the most predictions of the answer, 1 to 1000; 100 where it says nothing
     * @param type only of this type
     * @param version only of this version
     * @param status only with this HTTP status; or {@code ok}, or {@code error}
     * @param since only from this time on, ISO-8601
     * @param until only before this time, ISO-8601
     * @param keyId only of this key
     * @param predictionId only this prediction
     * @param cursor {@code next_cursor} of the previous answer
     */
    @Get(produces = {MediaType.APPLICATION_JSON, LINES})
    HttpResponse<InputStream> logs(HttpRequest<?> request, @Parameter(hidden = true) Caller caller,
            @QueryValue("n_limit") @Nullable String limit, @QueryValue @Nullable String type,
            @QueryValue @Nullable String version, @QueryValue @Nullable String status,
            @QueryValue @Nullable String since, @QueryValue @Nullable String until,
            @QueryValue("key_id") @Nullable String keyId,
            @QueryValue("prediction_id") @Nullable String predictionId, @QueryValue @Nullable String cursor) {
        LogParameters parameters = new LogParameters(limit, type, version, status, since, until, keyId, predictionId,
                cursor);
        boolean lines = wantsLines(request);
        long rows = parameters.rows(lines ? Long.MAX_VALUE : LogParameters.DEFAULT_LIMIT);
        LogStream stream = reading(() -> new LogStream(this::page, parameters.query(caller), rows,
                lines ? LogStream.Format.LINES : LogStream.Format.JSON));
        return HttpResponse.<InputStream>ok(stream)
                .contentType(lines ? MediaType.of(LINES) : MediaType.APPLICATION_JSON_TYPE);
    }

    /** One prediction. */
    @Get("/{predictionId}")
    HttpResponse<byte[]> one(@PathVariable String predictionId, @Parameter(hidden = true) Caller caller) {
        LoggedPrediction row = reading(() -> log.find(predictionId)).filter(found -> mayRead(caller, found))
                .orElseThrow(() -> ServingFailure.NotFound.other("there is no prediction '" + predictionId
                        + "' in the request log; it may be older than the log is kept, or not be written yet"));
        return HttpResponse.ok(LogJson.bytes(row)).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    private static boolean mayRead(Caller caller, LoggedPrediction row) {
        String type = row.modelType();
        return type == null ? caller.types().isEmpty() : caller.sees(type);
    }

    /** Later pages are asked for on whatever thread sends the answer. */
    private LogPage page(LogQuery query) {
        try {
            return CompletableFuture.supplyAsync(() -> log.query(query), platformThreads).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RequestLogException failure ? failure : e;
        }
    }

    private static <T> T reading(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RequestLogException e) {
            throw ServingFailure.Unavailable.storeUnavailable("the request log cannot be read now; try again later", e);
        }
    }

    /** Whether lines are asked for, and before JSON. */
    private static boolean wantsLines(HttpRequest<?> request) {
        for (MediaType type : request.accept()) {
            if (type.getName().equals(LINES)) {
                return true;
            }
            if (type.matches(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
        }
        return false;
    }
}
