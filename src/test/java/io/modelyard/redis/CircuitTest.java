package io.modelyard.redis;

import static io.modelyard.redis.Circuit.State.CLOSED;
import static io.modelyard.redis.Circuit.State.HALF_OPEN;
import static io.modelyard.redis.Circuit.State.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class CircuitTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final Circuit circuit = new Circuit(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void openIt() {
        for (int i = 0; i < Circuit.TOO_MANY; i++) {
            circuit.asked(false);
        }
        assertThat(circuit.state()).isEqualTo(OPEN);
    }

    @Test
    void aFewBadOutcomesOpenItAndItIsSaidOnce() {
        assertThat(circuit.asked(false)).isFalse();
        assertThat(circuit.asked(true)).isFalse();
        assertThat(circuit.asked(false)).isFalse();
        assertThat(circuit.asked(false)).isFalse();
        assertThat(circuit.isClosed()).isTrue();
        assertThat(circuit.asked(false)).isTrue();
        assertThat(circuit.asked(false)).isFalse();
        assertThat(circuit.state()).isEqualTo(OPEN);
    }

    @Test
    void badOutcomesAmongManyGoodOnesAreForgotten() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(circuit.asked(i % 6 != 0)).isFalse();
        }
        assertThat(circuit.state()).isEqualTo(CLOSED);
    }

    @Test
    void afterAPauseOneTries() {
        openIt();
        assertThat(circuit.mayTry()).isFalse();
        pass(Circuit.FIRST_PAUSE.minusNanos(1));
        assertThat(circuit.mayTry()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(circuit.mayTry()).isTrue();
        assertThat(circuit.mayTry()).as("only one").isFalse();
        assertThat(circuit.state()).isEqualTo(HALF_OPEN);
        assertThat(circuit.isClosed()).isFalse();
        circuit.tried(true);
        assertThat(circuit.state()).isEqualTo(CLOSED);
        assertThat(circuit.asked(false)).as("what was before is forgotten").isFalse();
    }

    @Test
    void everyVainTryMakesThePauseTwiceAsLongUpToALimit() {
        openIt();
        Duration pause = Circuit.FIRST_PAUSE;
        for (int i = 0; i < 10; i++) {
            pass(pause.minusNanos(1));
            assertThat(circuit.mayTry()).isFalse();
            pass(Duration.ofNanos(1));
            assertThat(circuit.mayTry()).isTrue();
            circuit.tried(false);
            pause = pause.multipliedBy(2).compareTo(Circuit.LONGEST_PAUSE) < 0
                    ? pause.multipliedBy(2)
                    : Circuit.LONGEST_PAUSE;
        }
        assertThat(pause).isEqualTo(Circuit.LONGEST_PAUSE);
        pass(pause);
        assertThat(circuit.mayTry()).isTrue();
        circuit.tried(true);
        openIt();
        pass(Circuit.FIRST_PAUSE);
        assertThat(circuit.mayTry()).as("the pause is short again").isTrue();
    }

    @Test
    void whatComesLateChangesNothing() {
        openIt();
        circuit.asked(true);
        circuit.tried(true);
        assertThat(circuit.state()).isEqualTo(OPEN);
        pass(Circuit.FIRST_PAUSE);
        assertThat(circuit.mayTry()).isTrue();
        circuit.asked(true);
        circuit.asked(false);
        assertThat(circuit.state()).isEqualTo(HALF_OPEN);
    }

    @Test
    void whatCannotBeAskedOpensItAtOnce() {
        assertThat(circuit.lose()).isTrue();
        assertThat(circuit.lose()).isFalse();
        assertThat(circuit.state()).isEqualTo(OPEN);
        pass(Circuit.FIRST_PAUSE);
        assertThat(circuit.mayTry()).isTrue();
    }
}
