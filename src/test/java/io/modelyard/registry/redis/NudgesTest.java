package io.modelyard.registry.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many looks come of how many nudges. */
final class NudgesTest {
    private record Task(long due, Runnable work) {}

    private final Deque<Task> tasks = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private int looks;
    private Runnable duringLook = () -> {};
    private final Nudges nudges = new Nudges((delay, work) -> tasks.add(new Task(now + delay.toNanos(), work)),
            () -> {
                looks++;
                duringLook.run();
            }, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
        while (!tasks.isEmpty() && tasks.element().due() <= now) {
            tasks.remove().work().run();
        }
    }

    @Test
    void theFirstIsFollowedAtOnce() {
        nudges.nudge();
        pass(Duration.ZERO);
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void aHundredInASecondMakeFewLooksAndTheLastIsSeen() {
        for (int i = 0; i < 100; i++) {
            nudges.nudge();
            pass(Duration.ofMillis(10));
        }
        int before = looks;
        nudges.nudge();
        pass(Nudges.BETWEEN_LOOKS);
        assertThat(looks).isBetween(5, 7).isGreaterThan(before);
        assertThat(tasks).isEmpty();
    }

    @Test
    void oneThatComesDuringALookIsFollowedByAnother() {
        duringLook = () -> {
            duringLook = () -> {};
            nudges.nudge();
        };
        nudges.nudge();
        pass(Duration.ZERO);
        assertThat(looks).isEqualTo(1);
        pass(Nudges.BETWEEN_LOOKS);
        assertThat(looks).isEqualTo(2);
        pass(Nudges.BETWEEN_LOOKS);
        assertThat(looks).isEqualTo(2);
    }
}
