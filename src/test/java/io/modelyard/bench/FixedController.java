package io.modelyard.bench;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.NonBlocking;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a request costs that predicts nothing: a body read as bytes, a key checked, a constant answered. */
@Requires(property = "bench")
@Controller("/bench")
@Secured("predict")
@Consumes(MediaType.APPLICATION_JSON)
final class FixedController {
    private final Map<Integer, byte[]> answers = new ConcurrentHashMap<>();

    /** @param bytes how long the answer is to be, at least 2 */
    @Post("/fixed/{bytes}")
    @NonBlocking
    HttpResponse<byte[]> fixed(@PathVariable int bytes, @Body byte[] body) {
        if (body.length == 0) {
            return HttpResponse.badRequest();
        }
        return HttpResponse.ok(answers.computeIfAbsent(bytes, FixedController::answer))
                .contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    private static byte[] answer(int bytes) {
        return ('"' + "x".repeat(bytes - 2) + '"').getBytes(StandardCharsets.US_ASCII);
    }
}
