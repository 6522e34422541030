package io.modelyard.access;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/**
 * The code of the link that opens the dashboard of a server which has just made its first key. It opens once, within ten minutes;
 * after that it is worth nothing, so it does no harm where it stands. Kept as a hash, in memory alone. Thread-safe.
 */
@Singleton
final class LinkCode {
    static final Duration LIFE = Duration.ofMinutes(10);
    /** Nobody guesses it; somebody who tries should be seen to fail. */
    private static final int MOST_FAILURES = 5;
    private static final int RANDOM_BYTES = 16;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private @Nullable Issued issued;

    private record Issued(String hash, Instant until, int failures) {}

    LinkCode(InstantSource clock) {
        this.clock = clock;
    }

    /** A new code; the one before it does not open any more. */
    synchronized String issue() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        issued = new Issued(new PlainKey(code).hash(), clock.instant().plus(LIFE), 0);
        return code;
    }

    /** Whether this is the code; then it is not any more. */
    synchronized boolean redeem(String presented) {
        Issued now = issued;
        if (now == null) {
            return false;
        }
        if (!clock.instant().isBefore(now.until()) || now.failures() >= MOST_FAILURES) {
            issued = null;
            return false;
        }
        if (!KeyRing.same(now.hash(), new PlainKey(presented).hash())) {
            issued = new Issued(now.hash(), now.until(), now.failures() + 1);
            return false;
        }
        issued = null;
        return true;
    }
}
