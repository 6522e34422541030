package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
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
    private final KnownKeys known;
    private final LastUses uses;
    private final LastUseKeeping keeping;

    ApiKeysController(ApiKeys keys, KnownKeys known, LastUses uses, LastUseKeeping keeping) {
        this.keys = keys;
        this.known = known;
        this.uses = uses;
        this.keeping = keeping;
    }

    /** An unknown member is an error: who misspells the expiry must not get a key for ever. */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record Wish(@Nullable String name, @Nullable List<String> roles, @Nullable List<String> types,
            @Nullable Integer expiresInDays, @Nullable Instant expiresAt, @Nullable LimitsWish limits) {}

    /**
     * @param overlapHours for how long the secret that it has stays valid, 24 by default; 0 ends it at once
     */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record RotationWish(@Nullable Integer overlapHours, @Nullable String reason) {
        static final RotationWish DEFAULT = new RotationWish(null, null);
    }

    /** All keys, oldest first. */
    @Serdeable.Serializable
    record Listing(@JsonInclude(JsonInclude.Include.ALWAYS) List<KeyView> keys) {}

    @Get
    Listing list() {
        keeping.exchange();
        Instant now = keys.now();
        return new Listing(known.list().stream().map(key -> KeyView.of(key.key(), key.source(), now)
                .withLastUse(uses.at(key.key().id()).orElse(null))).toList());
    }

    @Post
    HttpResponse<KeyView> make(@Body Wish wish, @Parameter(hidden = true) Caller caller) {
        NewKey wanted = NewKey.of(wish.name(), wish.roles(), wish.types(), wish.expiresInDays(), wish.expiresAt(),
                wish.limits(), keys.now());
        return shown(HttpResponse.created(KeyView.of(keys.make(wanted, caller.keyId()), keys.now())));
    }

    /** Gives a key another secret, which is shown this once; the old one stays valid for a while. */
    @Post("/{id}/rotate")
    HttpResponse<KeyView> rotate(String id, @Nullable @Body RotationWish wish,
            @Parameter(hidden = true) Caller caller) {
        RotationWish wanted = wish == null ? RotationWish.DEFAULT : wish;
        Rotation rotation = Rotation.of(wanted.overlapHours(), wanted.reason());
        return shown(HttpResponse.ok(KeyView.of(keys.rotate(id, rotation, caller.keyId()), keys.now())));
    }

    @Delete("/{id}")
    KeyView revoke(String id, @Nullable @QueryValue String reason, @Parameter(hidden = true) Caller caller) {
        return KeyView.of(keys.revoke(id, caller.keyId(), reason), KnownKeys.Source.STORE, keys.now());
    }

    private static HttpResponse<KeyView> shown(MutableHttpResponse<KeyView> answer) {
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
