package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Caller;
import io.modelyard.model.Role;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** {@code /api-keys}: keys are shown once, when they are made. */
@Controller("/api-keys")
@Secured("admin")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ApiKeysController {
    private final ApiKeys keys;

    ApiKeysController(ApiKeys keys) {
        this.keys = keys;
    }

    /** An unknown member is an error: who misspells the expiry must not get a key for ever. */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record Wish(@Nullable String name, @Nullable List<String> roles, @Nullable List<String> types,
            @Nullable Integer expiresInDays, @Nullable Instant expiresAt) {}

    /**
     * @param key the key itself in the answer to its making, and never again
     * @param state {@code valid}, {@code expired} or {@code revoked}
     */
    @Serdeable.Serializable
    record View(String id, @Nullable String key, @Nullable String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<String> roles,
            @JsonInclude(JsonInclude.Include.ALWAYS) List<String> types, String state, @Nullable Instant expiresAt,
            Instant createdAt, @Nullable String createdBy) {
        static View of(ApiKey key, @Nullable PlainKey plain, Instant now) {
            String state = key.revoked() ? "revoked" : key.isValidAt(now) ? "valid" : "expired";
            return new View(key.id(), plain == null ? null : plain.text(), key.name(),
                    key.roles().stream().sorted().map(Role::jsonName).toList(), key.types().stream().sorted().toList(),
                    state, key.expiresAt(), key.createdAt(), key.createdBy());
        }
    }

    /** All keys, oldest first. */
    @Serdeable.Serializable
    record Listing(@JsonInclude(JsonInclude.Include.ALWAYS) List<View> keys) {}

    @Get
    Listing list() {
        Instant now = keys.now();
        return new Listing(keys.list().stream().map(key -> View.of(key, null, now)).toList());
    }

    @Post
    HttpResponse<View> make(@Body Wish wish, @Parameter(hidden = true) Caller caller) {
        NewKey wanted = NewKey.of(wish.name(), wish.roles(), wish.types(), wish.expiresInDays(), wish.expiresAt(),
                keys.now());
        ApiKeys.Made made = keys.make(wanted, caller.keyId());
        return HttpResponse.created(View.of(made.stored(), made.plain(), keys.now())).header(HttpHeaders.CACHE_CONTROL,
                "no-store");
    }

    @Delete("/{id}")
    View revoke(String id) {
        return View.of(keys.revoke(id), null, keys.now());
    }
}
