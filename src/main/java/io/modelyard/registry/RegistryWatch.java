package io.modelyard.registry;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.model.ServingFailure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Keeps the registry fresh: reads it before the server answers, then polls and reconciles. A store that fails is asked
 * again after a pause that doubles up to a bound and is different on every replica, so that they do not all come back
 * at once. {@code modelyard.registry.watch=false} leaves it to explicit calls, for command-line tools.
 */
@Singleton
@Requires(property = "modelyard.registry.watch", notEquals = "false")
final class RegistryWatch implements ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

    private final Registry registry;
    private final RegistryConfiguration configuration;
    private final TaskScheduler scheduler;
    private final Clock clock;
    private final RandomGenerator random;
    private final CountDownLatch firstLook = new CountDownLatch(1);
    private @Nullable ScheduledFuture<?> next;
    private volatile boolean stopped;
    /** Of the thread that looks, as is reconciled. */
    private int failures;
    private Instant reconciled = Instant.MIN;

    RegistryWatch(Registry registry, RegistryConfiguration configuration,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler, Clock clock, RandomGenerator random) {
        this.registry = registry;
        this.configuration = configuration;
        this.scheduler = scheduler;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void onApplicationEvent(StartupEvent event) {
        if (registry.restore()) {
            // Whoever has something to serve does not wait long for a store that may be down.
            schedule(Duration.ZERO);
            awaitFirstLook();
        } else {
            look();
        }
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void awaitFirstLook() {
        try {
            if (!firstLook.await(configuration.startWait().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The store has not answered within {} ms; going on with what was kept on local disk",
                        configuration.startWait().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void schedule(Duration delay) {
        if (!stopped) {
            next = scheduler.schedule(delay, this::look);
        }
    }

    /** The outermost edge of the loop: whatever goes wrong, there is a next time. */
    private void look() {
        Duration pause = configuration.pollInterval();
        try {
            Instant now = clock.instant();
            if (now.isBefore(reconciled.plus(configuration.reconcileInterval()))) {
                registry.poll();
            } else {
                registry.reconcile();
                reconciled = now;
            }
            noteSuccess();
        } catch (ServingFailure.Unavailable e) {
            pause = noteFailure(e.detail());
        } catch (RuntimeException e) {
            LOG.error("The registry could not be read; the last snapshot stays in place", e);
        } finally {
            firstLook.countDown();
            schedule(pause);
        }
    }

    /** One line when the store fails and one when it answers again, not one for every look. */
    private void noteSuccess() {
        if (failures > 0) {
            LOG.info("The store answers again");
        }
        failures = 0;
    }

    private Duration noteFailure(String detail) {
        if (failures == 0) {
            LOG.warn("The store does not answer; the last snapshot stays in place. {}", detail);
        }
        Duration doubled = configuration.pollInterval().multipliedBy(1L << Math.min(failures, 16));
        failures++;
        Duration most = doubled.compareTo(configuration.backOffMost()) < 0 ? doubled : configuration.backOffMost();
        return most.dividedBy(2).plusNanos(random.nextLong(most.toNanos() / 2 + 1));
    }
}
