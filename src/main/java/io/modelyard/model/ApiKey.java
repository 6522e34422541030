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
 * @param limits null where there are none
 * @param previous the secret before the last rotation, null where there was none
 * @param change who made this revision and why; null in the first, which says so by {@code createdBy}
 */
public record ApiKey(String id, long revision, String changeId, @Nullable String name, String hash, Set<Role> roles,
        Set<String> types, @Nullable Instant expiresAt, boolean revoked, Instant createdAt,
        @Nullable String createdBy, @Nullable KeyLimits limits, @Nullable PreviousSecret previous,
        @Nullable Change change) {

    /**
     * A secret that was replaced, and is still good for a while.
     *
     * @param hash as the key's
     * @param validUntil from when on it is not valid
     */
    public record PreviousSecret(String hash, Instant validUntil) {}

    /**
     * @param action {@code rotate} or {@code revoke}
     */
    public record Change(Instant at, @Nullable String by, String action, @Nullable String reason) {}

    public ApiKey {
        roles = Set.copyOf(roles);
        types = Set.copyOf(types);
    }

    /** One without limits, as it is first. */
    public ApiKey(String id, long revision, String changeId, @Nullable String name, String hash, Set<Role> roles,
            Set<String> types, @Nullable Instant expiresAt, boolean revoked, Instant createdAt,
            @Nullable String createdBy) {
        this(id, revision, changeId, name, hash, roles, types, expiresAt, revoked, createdAt, createdBy, null, null,
                null);
    }

    public ApiKey withLimits(@Nullable KeyLimits limits) {
        return new ApiKey(id, revision, changeId, name, hash, roles, types, expiresAt, revoked, createdAt, createdBy,
                limits, previous, change);
    }

    /** The same as another revision. */
    public ApiKey as(long revision, String changeId, @Nullable Change change) {
        return new ApiKey(id, revision, changeId, name, hash, roles, types, expiresAt, revoked, createdAt, createdBy,
                limits, previous, change);
    }

    /** The same with another secret. */
    public ApiKey withSecret(String hash, @Nullable PreviousSecret previous) {
        return new ApiKey(id, revision, changeId, name, hash, roles, types, expiresAt, revoked, createdAt, createdBy,
                limits, previous, change);
    }

    /** Ended for good, whichever secret is presented. */
    public ApiKey ended() {
        return new ApiKey(id, revision, changeId, name, hash, roles, types, expiresAt, true, createdAt, createdBy,
                limits, null, change);
    }

    public boolean isValidAt(Instant now) {
        return !revoked && (expiresAt == null || now.isBefore(expiresAt));
    }
}
