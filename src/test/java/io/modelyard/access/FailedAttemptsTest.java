package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three failures a minute are heard, then there is a minute of silence. */
final class FailedAttemptsTest {
    private static final int MOST_ADDRESSES = 5;
    private final SettableTicker ticker = new SettableTicker();
    private final List<String> told = new ArrayList<>();
    private final FailedAttempts attempts = new FailedAttempts(KeysFiles.configuration(null), ticker,
            List.of(new AccessWatch() {
                @Override
                public void limited(String keyId, String what) {}

                @Override
                public void failedAttempt() {
                    told.add("failed");
                }
            }), MOST_ADDRESSES);

    @Test
    void afterTooManyTheyAreRefusedForAWhile() {
        for (int i = 0; i < 3; i++) {
            assertThat(fail("10.0.0.1")).isZero();
        }
        assertThat(fail("10.0.0.1")).isEqualTo(Duration.ofMinutes(1));
        ticker.advance(Duration.ofSeconds(59));
        assertThat(fail("10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
        ticker.advance(Duration.ofSeconds(1));
        assertThat(fail("10.0.0.1")).isZero();
        assertThat(told).hasSize(6);
    }

    @Test
    void fewInAMinuteAreNeverTooMany() {
        for (int i = 0; i < 50; i++) {
            assertThat(fail("10.0.0.1")).isZero();
            ticker.advance(Duration.ofSeconds(31));
        }
    }

    @Test
    void oneAddressDoesNotCountForAnother() {
        for (int i = 0; i < 4; i++) {
            fail("10.0.0.1");
        }
        assertThat(fail("10.0.0.2")).isZero();
    }

    @Test
    void aNetworkOfVersionSixIsOneAddress() {
        for (int i = 0; i < 3; i++) {
            assertThat(fail("2001:db8:1:2::" + i)).isZero();
        }
        assertThat(fail("2001:db8:1:2:aaaa::1")).isPositive();
        assertThat(fail("2001:db8:1:3::1")).isZero();
    }

    @Test
    void manyAddressesTakeBoundedMemoryAndTheOldestIsForgotten() {
        for (int i = 0; i < 3; i++) {
            fail("10.0.0.1");
        }
        assertThat(fail("10.0.0.1")).isPositive();
        for (int i = 0; i < MOST_ADDRESSES; i++) {
            fail("10.0.1." + i);
        }
        assertThat(attempts.addresses()).isEqualTo(MOST_ADDRESSES);
        assertThat(fail("10.0.0.1")).isZero();
    }

    private Duration fail(String address) {
        try {
            return attempts.failed(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
