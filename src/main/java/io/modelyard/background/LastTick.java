package io.modelyard.background;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.instrument.InstrumentedExecutorService;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what is done every so often before anything else of a server is closed. A scheduled method asks the context for its bean each
 * time: one whose time comes while beans are being closed would have them made anew, and what they hold taken again.
 */
@Singleton
final class LastTick implements ApplicationEventListener<ShutdownEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(LastTick.class);
    private static final int LONGEST_SECONDS = 10;

    private final ExecutorService scheduled;

    LastTick(@Named(TaskExecutors.SCHEDULED) ExecutorService scheduled) {
        this.scheduled = scheduled;
    }

    /** Comes before the first bean is closed. Waits for what is being done. */
    @Override
    public void onApplicationEvent(ShutdownEvent event) {
        if (plain(scheduled) instanceof ScheduledThreadPoolExecutor pool) {
            pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }
        scheduled.shutdown();
        try {
            if (!scheduled.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("What is done every so often has not ended within {} s, and the server is closed all the same",
                        LONGEST_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService plain(ExecutorService executor) {
        return executor instanceof InstrumentedExecutorService watched ? plain(watched.getTarget()) : executor;
    }
}
