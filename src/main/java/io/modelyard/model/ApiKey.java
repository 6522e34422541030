package io.modelyard.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/**
 * A key as the store knows it. The key itself is shown once to whoever made it and stored nowhere.
 *
 * @param id public name of the key
 * @param revision counts from 1; the highest is in force
 * @param hash SHA-256 of the key, lower-case hex
 * @param types the types that its holder may use and see; empty means all
 * @param expiresAt null where it does not expire
 */
public record ApiKey(String id, long revision, String changeId, @Nullable String name, String hash, Set<Role> roles,
        Set<String> types, @Nullable Instant expiresAt, boolean revoked, Instant createdAt,
        @Nullable String createdBy) {
    public ApiKey {
        roles = Set.copyOf(roles);
        types = Set.copyOf(types);
    }

    public boolean isValidAt(Instant now) {
        return !revoked && (expiresAt == null || now.isBefore(expiresAt));
    }
}
