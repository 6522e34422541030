package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.access.KeyRing.Verdict;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class KeyRingTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final InMemoryKeyStore store = new InMemoryKeyStore();
    private Instant now = NOW;
    private final KeyRing ring = new KeyRing(new KnownKeys(store, KeysFiles.none()),
            new KeyLimiters(null, System::nanoTime, List.of()), new LastUses(), () -> now);
    private final PlainKey plain = PlainKey.random(new SecureRandom());

    @Test
    void aKeyIsGoodUntilTheInstantAtWhichItExpires() {
        put(NOW.plusSeconds(10), false);
        now = NOW.plusSeconds(10).minusNanos(1);
        assertThat(ring.check(plain)).isInstanceOf(Verdict.Accepted.class);
        now = NOW.plusSeconds(10);
        assertThat(ring.check(plain)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void theSecretBeforeTheLastRotationIsGoodUntilItsEnd() {
        PlainKey fresh = PlainKey.random(new SecureRandom());
        put(null, false);
        store.change("k", key -> key.orElseThrow().withSecret(fresh.hash(),
                new ApiKey.PreviousSecret(plain.hash(), NOW.plusSeconds(10))));
        now = NOW.plusSeconds(10).minusNanos(1);
        assertThat(holder()).isSameAs(((Verdict.Accepted) ring.check(fresh)).holder());
        now = NOW.plusSeconds(10);
        assertThat(ring.check(plain)).isInstanceOfSatisfying(Verdict.Refused.class,
                refused -> assertThat(refused.reason()).contains("another secret").contains("10:00:10"));
        assertThat(ring.check(fresh)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void changesHoldAtOnce() {
        assertThat(ring.check(plain)).isInstanceOf(Verdict.Refused.class);
        put(null, false);
        assertThat(ring.check(plain)).isInstanceOf(Verdict.Accepted.class);
        put(null, true);
        assertThat(ring.check(plain)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void theHolderIsMadeOncePerKeyAndNotOncePerRequest() {
        put(null, false);
        assertThat(holder()).isSameAs(holder());
    }

    @Test
    void theHashItselfOpensNothing() {
        put(null, false);
        assertThat(ring.check(new PlainKey(plain.hash()))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void noTwoKeysAreTheSameAndNoneIsPrinted() {
        SecureRandom random = new SecureRandom();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            PlainKey key = PlainKey.random(random);
            assertThat(key.text()).matches("my_[A-Za-z0-9_-]{43}");
            assertThat(seen.add(key.text())).isTrue();
            assertThat(key.toString()).doesNotContain(key.text().substring(3));
        }
    }

    private Holder holder() {
        return ((Verdict.Accepted) ring.check(plain)).holder();
    }

    private void put(@Nullable Instant expiresAt, boolean revoked) {
        store.change("k", _ -> new ApiKey("k", 1, "c", "k", plain.hash(), Set.of(Role.PREDICT), Set.of(), expiresAt,
                revoked, NOW, null));
    }
}
