package io.modelyard.publish;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.store.StoreException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;

/** Looks for dropped models again and again, where the configuration says so. */
@Singleton
final class DropWatch implements ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(DropWatch.class);
    /** A look takes at most this part of the time. */
    private static final int PART = 20;

    private final DroppedModels dropped;
    private final PublishConfiguration configuration;
    private final String storeUri;
    private final TaskScheduler scheduler;
    private final Clock clock;
    private @Nullable ScheduledFuture<?> task;
    private volatile Instant notBefore = Instant.MIN;
    private volatile boolean stopped;
    private volatile boolean failing;

    DropWatch(DroppedModels dropped, PublishConfiguration configuration,
            @Property(name = "modelyard.store.uri") String storeUri,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler, Clock clock) {
        this.dropped = dropped;
        this.configuration = configuration;
        this.storeUri = storeUri;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @Override
    public synchronized void onApplicationEvent(StartupEvent event) {
        if (configuration.watches(storeUri)) {
            task = scheduler.scheduleWithFixedDelay(Duration.ZERO, configuration.dropInterval(), this::attempt);
        }
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        if (task != null) {
            task.cancel(false);
        }
    }

    /** The outermost edge of the loop: whatever goes wrong, there is a next time. */
    private void attempt() {
        Instant start = clock.instant();
        if (stopped || start.isBefore(notBefore)) {
            return;
        }
        try {
            dropped.look();
            failing = false;
        } catch (StoreException e) {
            if (!failing) {
                LOG.warn("The store cannot be searched for dropped models, and is tried again: {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("The store could not be searched for dropped models", e);
        } finally {
            Instant end = clock.instant();
            notBefore = end.plus(Duration.between(start, end).multipliedBy(PART));
        }
    }
}
