package io.modelyard.http;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.ServingFailure;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Routes that go wrong in every way that routes go wrong. */
@Requires(property = "spec.name", value = "trouble")
@Controller("/trouble")
@Secured(SecurityRule.IS_ANONYMOUS)
class TroubleController {
    @Serdeable
    record Order(@NotBlank String name, @Positive int howMany, @Nullable List<@Valid Line> lines) {}

    @Serdeable
    record Line(@NotBlank String articleName) {}

    @Serdeable
    static final class Unwritable {
        public String getTrap() {
            return Objects.requireNonNull(null, "secret of the inside");
        }
    }

    @Get("/fine")
    String fine() {
        return "{}";
    }

    @Get("/queue-full")
    String queueFull() {
        throw ServingFailure.Overloaded.queueFull("the queue of 'penguins' is full", Duration.ofMillis(1200));
    }

    @Get("/broken")
    String broken() {
        throw new IllegalStateException("secret of the inside");
    }

    @Get("/unwritable")
    Unwritable unwritable() {
        return new Unwritable();
    }

    @Get("/limit/{n}")
    String limit(int n, @QueryValue @Nullable @Max(10) Integer size, @QueryValue @Nullable Instant since) {
        return "{\"n\": " + n + ", \"size\": " + size + "}";
    }

    @Get("/required")
    String required(@QueryValue String name, @Header("X-Colour") String colour) {
        return name + colour;
    }

    @Post("/order")
    Order order(@Body @Valid Order order) {
        return order;
    }

    @Put("/bytes")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    String bytes(@Body byte[] bytes) {
        return "{\"length\": " + bytes.length + "}";
    }

    @Delete("/bytes")
    void delete() {}

    @Get(value = "/text", produces = MediaType.TEXT_PLAIN)
    String text() {
        return "text";
    }
}
