package io.modelyard.access;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts by client address who presents keys that are not valid, and says when it was too often. A valid key is not asked for
 * here: it works from every address, so that one broken client behind a gateway does not lock out the others. Nobody can guess
 * a key; this is for the logs and for those who would otherwise try on and on. Safe for use by many threads; does not block.
 */
@Singleton
final class FailedAttempts {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** The address that was heard of longest ago is forgotten first. */
    private static final int MOST_ADDRESSES = 10_000;
    /** Whoever has one address of version 6 has as many as this leaves open. */
    private static final int NETWORK_BYTES = 8;

    private final int most;
    private final long pause;
    private final Ticker ticker;
    private final List<AccessWatch> watches;
    private final Map<String, Count> byAddress;

    /** @param pausedUntil later than {@code since} where it was too often */
    private record Count(long since, int failures, long pausedUntil) {}

    @Inject
    FailedAttempts(AccessConfiguration configuration, Ticker ticker, List<AccessWatch> watches) {
        this(configuration, ticker, watches, MOST_ADDRESSES);
    }

    FailedAttempts(AccessConfiguration configuration, Ticker ticker, List<AccessWatch> watches, int mostAddresses) {
        this.most = configuration.failedAttempts();
        this.pause = configuration.failedAttemptsPause().toNanos();
        this.ticker = ticker;
        this.watches = List.copyOf(watches);
        this.byAddress = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
                return size() > mostAddresses;
            }
        };
    }

    /**
     * Somebody presented a key that is not valid.
     *
     * @return for how long such keys are not even judged from there; zero where this one was
     */
    Duration failed(InetAddress from) {
        watches.forEach(AccessWatch::failedAttempt);
        long now = ticker.nanos();
        synchronized (byAddress) {
            Count before = byAddress.get(network(from));
            if (before != null && before.pausedUntil() - now > 0) {
                return Duration.ofNanos(before.pausedUntil() - now);
            }
            Count next = before != null && before.failures() < most && now - before.since() < WINDOW.toNanos()
                    ? new Count(before.since(), before.failures() + 1, now)
                    : new Count(now, 1, now);
            byAddress.put(network(from),
                    next.failures() < most ? next : new Count(next.since(), most, now + pause));
            return Duration.ZERO;
        }
    }

    int addresses() {
        synchronized (byAddress) {
            return byAddress.size();
        }
    }

    private static String network(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES))
                : address.getHostAddress();
    }
}
