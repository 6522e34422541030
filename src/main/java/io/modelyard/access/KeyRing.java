package io.modelyard.access;

import io.micronaut.context.event.ApplicationEventListener;
import io.modelyard.model.ApiKey;
import io.modelyard.registry.RegistryChanged;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows every key by its hash. Thread-safe; does not block.
 *
 * <p>
 * The lookup tells an attacker nothing by its timing: the map is asked for the SHA-256 of what was presented. How long
 * that takes depends on bits that the attacker cannot steer towards a stored hash without inverting SHA-256, and a
 * prefix of the stored hash would not help to find the key. The last comparison takes the same time wherever the two
 * differ.
 */
@Singleton
final class KeyRing implements ApplicationEventListener<RegistryChanged> {
    private final KnownKeys keys;
    private final KeyLimiters limiters;
    private final LastUses uses;
    private final InstantSource clock;
    private volatile Index index = new Index(new KnownKeys.View(Map.of(), Map.of()), Map.of());

    /** @param source what the index was made of: other objects mean that there is something new */
    private record Index(KnownKeys.View source, Map<String, Secret> byHash) {}

    /**
     * What opens a key.
     *
     * @param until from when on it does not any more, because the key has another; null for the key's own
     */
    private record Secret(String hash, Holder holder, @Nullable Instant until) {}

    /** What became of a key that was presented. */
    sealed interface Verdict {
        record Accepted(Holder holder) implements Verdict {}

        /** @param reason for the one who presented it */
        record Refused(String reason) implements Verdict {}
    }

    KeyRing(KnownKeys keys, KeyLimiters limiters, LastUses uses, InstantSource clock) {
        this.keys = keys;
        this.limiters = limiters;
        this.uses = uses;
        this.clock = clock;
    }

    /** Looks at new keys before the first request that would have to. */
    @Override
    public void onApplicationEvent(RegistryChanged event) {
        index();
    }

    Verdict check(PlainKey presented) {
        String hash = presented.hash();
        Secret secret = index().byHash().get(hash);
        if (secret == null || !same(secret.hash(), hash)) {
            return new Verdict.Refused("this key is not known here");
        }
        ApiKey key = secret.holder().key();
        Instant now = clock.instant();
        if (!key.isValidAt(now)) {
            return new Verdict.Refused("the key '" + key.id()
                    + (key.revoked() ? "' has been revoked" : "' expired at " + key.expiresAt()));
        }
        Instant until = secret.until();
        if (until != null && !now.isBefore(until)) {
            return new Verdict.Refused("the key '" + key.id() + "' has another secret, and this one was good until "
                    + until);
        }
        secret.holder().lastUse().note(now);
        return new Verdict.Accepted(secret.holder());
    }

    private Index index() {
        KnownKeys.View source = keys.view();
        Index current = index;
        if (current.source().isSameAs(source)) {
            return current;
        }
        Map<String, Secret> byHash = new HashMap<>();
        for (KnownKeys.Known known : source.all()) {
            ApiKey key = known.key();
            Holder holder = new Holder(key, limiters.of(key), uses.of(key.id()));
            // Where two have the same secret, what the store says of it counts.
            byHash.putIfAbsent(key.hash(), new Secret(key.hash(), holder, null));
            ApiKey.PreviousSecret previous = key.previous();
            if (previous != null) {
                byHash.putIfAbsent(previous.hash(), new Secret(previous.hash(), holder, previous.validUntil()));
            }
        }
        Index fresh = new Index(source, byHash);
        index = fresh;
        return fresh;
    }

    /** Takes the same time wherever the two differ. */
    static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }
}
