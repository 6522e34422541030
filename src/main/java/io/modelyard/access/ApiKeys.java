package io.modelyard.access;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Makes, lists, rotates and revokes keys of the store. Thread-safe; all but listing blocks. */
@Singleton
public final class ApiKeys {
    private static final int MAX_SLUG_LENGTH = 40;
    private static final int ID_RANDOM_BYTES = 4;

    private final KeyStore store;
    private final KeysFile file;
    private final SecureRandom random;
    private final InstantSource clock;

    /**
     * A key right after it or its secret was made: the only time that its plain text is known.
     *
     * @param stored what is known of it from now on
     */
    public record Made(PlainKey plain, ApiKey stored) {}

    @Inject
    ApiKeys(KeyStore store, KeysFile file, InstantSource clock) {
        this(store, file, new SecureRandom(), clock);
    }

    ApiKeys(KeyStore store, KeysFile file, SecureRandom random, InstantSource clock) {
        this.store = store;
        this.file = file;
        this.random = random;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Oldest first, revoked and expired ones too. */
    public List<ApiKey> list() {
        return store.keys().values().stream()
                .sorted(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::id)).toList();
    }

    /** @param by the id of the key that asked for it, or who else did */
    public Made make(NewKey wanted, @Nullable String by) {
        PlainKey plain = PlainKey.random(random);
        String id = id(wanted.name());
        ApiKey made = store.change(id, current -> {
            if (current.isPresent()) {
                throw new ServingFailure.RevisionConflict("the id '" + id + "' was taken at this moment; try again");
            }
            return new ApiKey(id, 1, changeId(), wanted.name(), plain.hash(), wanted.roles(), wanted.types(),
                    wanted.expiresAt(), false, clock.instant(), by).withLimits(wanted.limits());
        });
        return new Made(plain, made);
    }

    /**
     * Gives a key another secret. The one that it has stays valid for a while; the one before that does not.
     *
     * @throws ServingFailure.NotFound if there never was such a key
     * @throws ServingFailure.Conflict if the key is not valid any more, or does not come from the store
     */
    public Made rotate(String id, Rotation rotation, @Nullable String by) {
        PlainKey plain = PlainKey.random(random);
        ApiKey rotated = store.change(id, current -> {
            ApiKey key = current.orElseThrow(() -> unknown(id));
            Instant now = clock.instant();
            if (!key.isValidAt(now)) {
                throw ServingFailure.Conflict.keyNotValid("'" + id + (key.revoked()
                        ? "' has been revoked"
                        : "' expired at " + key.expiresAt()) + "; make another key instead");
            }
            ApiKey.PreviousSecret before = rotation.overlap().isZero()
                    ? null
                    : new ApiKey.PreviousSecret(key.hash(), now.plus(rotation.overlap()));
            return key.withSecret(plain.hash(), before).as(key.revision() + 1, changeId(),
                    new ApiKey.Change(now, by, "rotate", rotation.reason()));
        });
        return new Made(plain, rotated);
    }

    /**
     * Ends a key for good, with all its secrets. One that has been revoked stays as it is.
     *
     * @throws ServingFailure.NotFound if there never was such a key
     * @throws ServingFailure.Conflict if nobody could make keys any more, or the key does not come from the store
     */
    public ApiKey revoke(String id, @Nullable String by, @Nullable String reason) {
        return store.change(id, current -> {
            ApiKey key = current.orElseThrow(() -> unknown(id));
            if (key.revoked()) {
                return key;
            }
            if (isAdmin(key) && !file.holdsValidAdmin() && store.keys().values().stream().noneMatch(
                    other -> !other.id().equals(id) && isAdmin(other))) {
                throw ServingFailure.Conflict.lastAdminKey("'" + id
                        + "' is the last valid admin key, and without one nobody could make keys; make another first");
            }
            return key.ended().as(key.revision() + 1, changeId(),
                    new ApiKey.Change(clock.instant(), by, "revoke", reason));
        });
    }

    private boolean isAdmin(ApiKey key) {
        return key.roles().contains(Role.ADMIN) && key.isValidAt(clock.instant());
    }

    private ServingFailure unknown(String id) {
        if (file.keys().containsKey(id)) {
            return ServingFailure.Conflict.keyFromFile("'" + id + "' comes from the file of keys that this server was "
                    + "started with (modelyard.access.keys-file): change it there");
        }
        return ServingFailure.NotFound.other("there is no key '" + id + "'; GET /api-keys lists them");
    }

    /** Says something to people who read it in a log, and is free. */
    private String id(String name) {
        String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        byte[] bytes = new byte[ID_RANDOM_BYTES];
        random.nextBytes(bytes);
        return (slug.isEmpty() ? "key" : slug.substring(0, Math.min(MAX_SLUG_LENGTH, slug.length()))) + "-"
                + HexFormat.of().formatHex(bytes);
    }

    static String changeId() {
        return UUID.randomUUID().toString();
    }
}
