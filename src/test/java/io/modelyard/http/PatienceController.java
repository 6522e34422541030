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
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
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

    /** As {@code PUT /models} does: no limit of its own, read as it comes. */
    @Put("/large/{name}")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @ExecuteOn(TaskExecutors.BLOCKING)
    String stream(@PathVariable String name, @Body InputStream body) throws IOException {
        try (body) {
            return "{\"length\": " + body.transferTo(OutputStream.nullOutputStream()) + "}";
        } catch (IOException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** An answer of that many bytes. */
    @Get(value = "/answer/{length}", produces = MediaType.APPLICATION_OCTET_STREAM)
    byte[] answer(HttpRequest<?> request, @PathVariable int length) {
        waiting.put("" + length, new Waiting(ClientConnection.of(request), new CompletableFuture<>()));
        return new byte[length];
    }

    private CompletionStage<String> hold(HttpRequest<?> request, String name) {
        Waiting held = new Waiting(ClientConnection.of(request), new CompletableFuture<>());
        waiting.put(name, held);
        return held.answer();
    }

    /** The route that may be sent a lot. */
    @Requires(property = "spec.name", value = "patience")
    @Singleton
    static final class Large implements LargeBodies {
        @Override
        public Optional<Allowance> of(String method, String path) {
            return path.startsWith("/patience/large/")
                    ? Optional.of(new Allowance(1L << 40, "none"))
                    : Optional.empty();
        }
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
