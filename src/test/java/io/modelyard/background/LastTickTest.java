package io.modelyard.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.Eventually;
import io.modelyard.TestServer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.Test;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

final class LastTickTest {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final AtomicInteger TICKS = new AtomicInteger();
    private static final AtomicBoolean OVER = new AtomicBoolean();

    /** Something that ticks as fast as it can, and notes how things are when it is closed. */
    @Singleton
    @Requires(property = "test.ticking")
    static class Ticking {
        private final ExecutorService scheduled;

        Ticking(@Named(TaskExecutors.SCHEDULED) ExecutorService scheduled) {
            this.scheduled = scheduled;
            MADE.incrementAndGet();
        }

        @Scheduled(fixedDelay = "1ms")
        void tick() {
            TICKS.incrementAndGet();
        }

        @PreDestroy
        void close() {
            OVER.set(scheduled.isTerminated());
        }
    }

    @Test
    void nothingTicksWhenBeansAreClosedNorIsMadeAnew() {
        try (TestServer server = TestServer.prepare().with("test.ticking", true).start()) {
            assertThat(server.anonymous().get("/health").status()).isEqualTo(200);
            Eventually.isTrue("it ticks", () -> TICKS.get() > 0);
        }
        assertThat(OVER).as("the last tick was over when the first bean was closed").isTrue();
        assertThat(MADE).hasValue(1);
    }
}
