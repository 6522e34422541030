package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A key as {@code /api-keys} shows it.
 *
 * @param key the key itself in the answer to its making, and never again
 * @param state {@code valid}, {@code expired} or {@code revoked}
 * @param source {@code store}, or {@code file} for one of the file of keys
 * @param lastUsedAt the beginning of the minute in which it was used last; absent where it is not known to have been
 * @param previousValidUntil until when the secret before the last rotation is good; absent where it is not
 */
@Serdeable.Serializable
record KeyView(String id, @Nullable String key, @Nullable String name,
        @JsonInclude(JsonInclude.Include.ALWAYS) List<String> roles,
        @JsonInclude(JsonInclude.Include.ALWAYS) List<String> types, String state, String source,
        @Nullable Instant expiresAt, @Nullable LimitsWish limits, @Nullable Instant previousValidUntil,
        @Nullable Instant createdAt, @Nullable String createdBy, @Nullable Instant lastUsedAt) {

    static KeyView of(ApiKeys.Made made, Instant now) {
        return of(made.stored(), made.plain(), KnownKeys.Source.STORE, now);
    }

    static KeyView of(ApiKey key, KnownKeys.Source source, Instant now) {
        return of(key, null, source, now);
    }

    private static KeyView of(ApiKey key, @Nullable PlainKey plain, KnownKeys.Source source, Instant now) {
        String state = key.revoked() ? "revoked" : key.isValidAt(now) ? "valid" : "expired";
        ApiKey.PreviousSecret previous = key.previous();
        boolean overlaps = previous != null && key.isValidAt(now) && now.isBefore(previous.validUntil());
        return new KeyView(key.id(), plain == null ? null : plain.text(), key.name(),
                key.roles().stream().sorted().map(Role::jsonName).toList(), key.types().stream().sorted().toList(),
                state, source.jsonName(), key.expiresAt(), LimitsWish.of(key.limits()),
                previous == null || !overlaps ? null : previous.validUntil(),
                key.createdAt().equals(Instant.EPOCH) ? null : key.createdAt(), key.createdBy(), null);
    }

    KeyView withLastUse(@Nullable Instant at) {
        return new KeyView(id, key, name, roles, types, state, source, expiresAt, limits, previousValidUntil,
                createdAt, createdBy, at);
    }
}
