package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Tells the holder of a key what it opens, and gives the first key to whoever follows the link that the server printed. */
@Controller("/api-keys/self")
@ExecuteOn(TaskExecutors.BLOCKING)
final class SelfController {
    private final LinkCode code;
    private final Loopback loopback;
    private final FailedAttempts attempts;
    private final AdminKeyFile first;

    SelfController(LinkCode code, Loopback loopback, FailedAttempts attempts, AccessConfiguration configuration) {
        this.code = code;
        this.loopback = loopback;
        this.attempts = attempts;
        this.first = new AdminKeyFile(configuration.adminKeyFile());
    }

    /**
     * @param roles all that the key has, those that {@code admin} includes too
     * @param types that the key is limited to; empty where it is not
     */
    @Serdeable.Serializable
    record Self(String id, @Nullable String name, @JsonInclude(JsonInclude.Include.ALWAYS) List<String> roles,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<String> types, @Nullable Instant expiresAt) {}

    /** Body of {@code POST /api-keys/self/code}. */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record Presented(@Nullable String code) {}

    @Serdeable.Serializable
    record Opened(String key) {}

    /** The key that the request carries, whatever its roles are. */
    @Get
    @Secured(SecurityRule.IS_AUTHENTICATED)
    Self self(@Parameter(hidden = true) HttpRequest<?> request) {
        Holder holder = request.getUserPrincipal(Holder.class)
                .orElseThrow(() -> new ServingFailure.Unauthenticated("this needs a key"));
        return new Self(holder.key().id(), holder.key().name(), List.copyOf(holder.getRoles()),
                holder.key().types().stream().sorted().toList(), holder.key().expiresAt());
    }

    /** The first admin key, for the code of the link that was printed with it. */
    @Post("/code")
    @Secured(SecurityRule.IS_ANONYMOUS)
    @Hidden
    HttpResponse<Opened> open(@Body Presented presented, HttpRequest<?> request) {
        String text = presented.code();
        if (text == null || !loopback.isCaller(request) || !code.redeem(text)) {
            attempts.failed(request.getRemoteAddress().getAddress());
            throw ServingFailure.NotFound.other("this link does not open the dashboard, or not any more: it works once,"
                    + " within " + LinkCode.LIFE.toMinutes() + " minutes, on the machine of the server. The key is in "
                    + first.path() + " there");
        }
        PlainKey key = first.read().orElseThrow(() -> ServingFailure.NotFound
                .other("the first admin key is not in " + first.path() + " any more"));
        return HttpResponse.ok(new Opened(key.text())).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
