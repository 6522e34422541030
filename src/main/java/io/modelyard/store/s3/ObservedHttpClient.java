package io.modelyard.store.s3;

import io.modelyard.store.ObservedStream;
import io.modelyard.store.StoreObserver;
import io.modelyard.store.StoreObserver.Outcome;
import io.modelyard.store.StoreObserver.Request;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

import java.io.IOException;
import java.net.SocketTimeoutException;

/**
 * Tells an observer of every request that goes over the wire: the SDK's own listeners hear of calls, and nothing of the
 * content that is read after a call returned.
 */
final class ObservedHttpClient implements SdkHttpClient {
    private final SdkHttpClient http;
    private final StoreObserver observer;

    ObservedHttpClient(SdkHttpClient http, StoreObserver observer) {
        this.http = http;
        this.observer = observer;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = http.prepareRequest(request);
        String operation = operation(request.httpRequest());
        long sent = request.httpRequest().firstMatchingHeader("Content-Length").map(Long::parseLong).orElse(0L);
        return new ExecutableHttpRequest() {
            private volatile boolean aborted;

            @Override
            public HttpExecuteResponse call() throws IOException {
                long start = System.nanoTime();
                HttpExecuteResponse response;
                try {
                    response = prepared.call();
                } catch (IOException | RuntimeException e) {
                    observer.observed(new Request(operation, aborted ? Outcome.TIMEOUT : failed(e),
                            System.nanoTime() - start, 0, 0));
                    throw e;
                }
                return observed(operation, response, sent, System.nanoTime() - start);
            }

            @Override
            public void abort() {
                aborted = true;
                prepared.abort();
            }
        };
    }

    private HttpExecuteResponse observed(String operation, HttpExecuteResponse response, long sent, long nanos) {
        Outcome outcome = outcome(response.httpResponse().statusCode());
        AbortableInputStream body = response.responseBody().orElse(null);
        if (body == null) {
            observer.observed(new Request(operation, outcome, nanos, sent, 0));
            return response;
        }
        ObservedStream observed = new ObservedStream(body, (bytes, reading, failure) -> observer.observed(
                new Request(operation, failure == null ? outcome : failed(failure), nanos + reading, sent, bytes)));
        return HttpExecuteResponse.builder().response(response.httpResponse())
                .responseBody(AbortableInputStream.create(observed, () -> {
                    body.abort();
                    observed.done();
                })).build();
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    /** Which of the few requests this is that the adapter makes. */
    private static String operation(SdkHttpRequest request) {
        var query = request.rawQueryParameters();
        return switch (request.method()) {
            case GET -> query.containsKey("list-type")
                    ? "list"
                    : request.firstMatchingHeader("If-None-Match").isPresent() ? "get_if_changed" : "get";
            case PUT -> query.containsKey("partNumber")
                    ? "upload_part"
                    : request.firstMatchingHeader("If-None-Match").isPresent() ? "create" : "put";
            case POST -> query.containsKey("uploads") ? "upload_begin" : "upload_complete";
            case DELETE -> query.containsKey("uploadId") ? "upload_abort" : "delete";
            case HEAD -> "head";
            default -> "other";
        };
    }

    private static Outcome outcome(int status) {
        return switch (status) {
            case 304 -> Outcome.NOT_MODIFIED;
            case 401, 403 -> Outcome.DENIED;
            case 404 -> Outcome.NOT_FOUND;
            case 409, 412 -> Outcome.CONFLICT;
            // Nothing comes after the end of the object, which is an answer.
            case 416 -> Outcome.OK;
            case 429, 503 -> Outcome.THROTTLED;
            default -> status < 300 ? Outcome.OK : Outcome.ERROR;
        };
    }

    private static Outcome failed(Throwable e) {
        for (@Nullable
        Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return Outcome.TIMEOUT;
            }
        }
        return Outcome.ERROR;
    }
}
