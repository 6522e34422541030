package io.modelyard.registry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.scheduling.ScheduledExecutorTaskScheduler;
import io.modelyard.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A server that may not delete says so once. */
final class SweepWatchTest {
    private final ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private boolean refuses;

    private final Sweep sweep = new Sweep() {
        @Override
        public String what() {
            return "crumbs";
        }

        @Override
        public void sweep() {
            if (refuses) {
                throw new StoreException("403", null);
            }
        }
    };

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(SweepWatch.class)).detachAppender(lines);
        threads.shutdownNow();
    }

    @Test
    void warnsOnceUntilItWorksAgain() {
        lines.start();
        ((Logger) LoggerFactory.getLogger(SweepWatch.class)).addAppender(lines);
        SweepWatch watch = new SweepWatch(List.of(sweep),
                new PurgeConfiguration(Duration.ZERO, Duration.ofDays(1), Duration.ofHours(1)),
                new ScheduledExecutorTaskScheduler(threads), new Random(1));

        watch.attempt(sweep);
        refuses = true;
        for (int i = 0; i < 3; i++) {
            watch.attempt(sweep);
        }
        refuses = false;
        watch.attempt(sweep);
        watch.attempt(sweep);

        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
        assertThat(lines.list.getFirst().getFormattedMessage()).contains("crumbs", "403");
    }
}
