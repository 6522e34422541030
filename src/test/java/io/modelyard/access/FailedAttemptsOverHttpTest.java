package io.modelyard.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.TestServer;
import io.modelyard.TestServer.Answer;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Who tries keys on and on is told to wait, and nobody else is. */
final class FailedAttemptsOverHttpTest {
    @Test
    void badKeysAreSlowedAndGoodOnesWork() {
        try (TestServer server = TestServer.prepare().spec("secured").with("test.ticker", "settable")
                .with("modelyard.access.failed-attempts", 3).with("modelyard.access.failed-attempts-pause", "90s")
                .start()) {
            TestServer.Client bad = server.as("my_nonsense");
            for (int i = 0; i < 3; i++) {
                assertThat(bad.get("/whoami").status()).isEqualTo(401);
            }
            Answer slowed = bad.get("/whoami");
            assertThat(slowed.status()).isEqualTo(429);
            assertThat(slowed.code()).isEqualTo("rate_limited");
            assertThat(slowed.header("Retry-After")).contains("90");
            assertThat(slowed.header("WWW-Authenticate")).isEmpty();

            assertThat(server.get("/whoami").status()).isEqualTo(200);
            assertThat(server.anonymous().get("/whoami").status()).isEqualTo(401);
            assertThat(bad.get("/health").status()).isEqualTo(200);
            assertThat(server.get("/metrics").text()).contains("modelyard_access_failed_attempts_total 5.0");

            server.bean(SettableTicker.class).advance(Duration.ofSeconds(90));
            assertThat(bad.get("/whoami").status()).isEqualTo(401);
        }
    }
}
