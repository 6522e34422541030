package io.modelyard.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Routes that answer when the test says so. */
@Requires(property = "spec.name", value = "patience")
@Controller("/patience")
@Secured(SecurityRule.IS_ANONYMOUS)
class PatienceController {
    record Waiting(ClientConnection client, CompletableFuture<String> answer) {}

    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    @Get("/{name}")
    CompletionStage<String> wait(HttpRequest<?> request, @PathVariable String name) {
        return hold(request, name);
    }

    @Put("/{name}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    CompletionStage<String> read(HttpRequest<?> request, @PathVariable String name, @Body byte[] body) {
        return hold(request, name);
    }

    private CompletionStage<String> hold(HttpRequest<?> request, String name) {
        Waiting held = new Waiting(ClientConnection.of(request), new CompletableFuture<>());
        waiting.put(name, held);
        return held.answer();
    }

    boolean has(String name) {
        return waiting.containsKey(name);
    }

    Waiting waiting(String name) {
        Waiting held = waiting.get(name);
        if (held == null) {
            throw new AssertionError("nobody waits at " + name);
        }
        return held;
    }
}
