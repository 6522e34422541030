package io.modelyard.access;

import io.micronaut.context.event.ApplicationEventListener;
import io.modelyard.model.ApiKey;
import io.modelyard.registry.RegistryChanged;
import jakarta.inject.Singleton;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
    private final KeyStore store;
    private final InstantSource clock;
    private volatile Index index = new Index(Map.of(), Map.of());

    /** @param source what the index was made of: another object means that there is something new */
    private record Index(Map<String, ApiKey> source, Map<String, Holder> byHash) {}

    /** What became of a key that was presented. */
    sealed interface Verdict {
        record Accepted(Holder holder) implements Verdict {}

        /** @param reason for the one who presented it */
        record Refused(String reason) implements Verdict {}
    }

    KeyRing(KeyStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Looks at new keys before the first request that would have to. */
    @Override
    public void onApplicationEvent(RegistryChanged event) {
        index();
    }

    Verdict check(PlainKey presented) {
        String hash = presented.hash();
        Holder holder = index().byHash().get(hash);
        if (holder == null || !same(holder.key().hash(), hash)) {
            return new Verdict.Refused("this key is not known here");
        }
        ApiKey key = holder.key();
        if (key.isValidAt(clock.instant())) {
            return new Verdict.Accepted(holder);
        }
        return new Verdict.Refused("the key '" + key.id()
                + (key.revoked() ? "' has been revoked" : "' expired at " + key.expiresAt()));
    }

    @SuppressWarnings("ReferenceEquality") // equality of contents would cost what it is to save
    private Index index() {
        Map<String, ApiKey> source = store.keys();
        Index current = index;
        if (current.source() == source) {
            return current;
        }
        Map<String, Holder> byHash = HashMap.newHashMap(source.size());
        source.values().forEach(key -> byHash.put(key.hash(), new Holder(key)));
        Index fresh = new Index(source, byHash);
        index = fresh;
        return fresh;
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }
}
