package io.modelyard.registry;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.modelyard.model.ServingFailure;
import io.modelyard.store.StoreException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.random.RandomGenerator;

/**
 * Sweeps every {@code modelyard.registry.purge-interval}, the first time at a random moment of the first interval, so that
 * replicas that start together do not all do the same work. {@code modelyard.registry.watch=false} turns it off.
 */
@Singleton
@Requires(property = "modelyard.registry.watch", notEquals = "false")
final class SweepWatch implements ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(SweepWatch.class);

    private final List<Sweep> sweeps;
    private final PurgeConfiguration configuration;
    private final TaskScheduler scheduler;
    private final RandomGenerator random;
    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private volatile boolean stopped;

    SweepWatch(List<Sweep> sweeps, PurgeConfiguration configuration,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler, RandomGenerator random) {
        this.sweeps = sweeps;
        this.configuration = configuration;
        this.scheduler = scheduler;
        this.random = random;
    }

    @Override
    public synchronized void onApplicationEvent(StartupEvent event) {
        Duration interval = configuration.purgeInterval();
        for (Sweep sweep : sweeps) {
            Duration first = Duration.ofMillis(random.nextLong(interval.toMillis() + 1));
            tasks.add(scheduler.scheduleWithFixedDelay(first, interval, () -> attempt(sweep)));
        }
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        tasks.forEach(task -> task.cancel(false));
        tasks.clear();
    }

    /** The outermost edge of the loop: whatever goes wrong, there is a next time. */
    void attempt(Sweep sweep) {
        if (stopped) {
            return;
        }
        try {
            sweep.sweep();
            note(sweep, false, "");
        } catch (StoreException | ServingFailure e) {
            note(sweep, true, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("No {} could be removed from the store", sweep.what(), e);
        }
    }

    /** One line when it begins to fail and one when it works again, not one for every attempt. */
    private synchronized void note(Sweep sweep, boolean now, String detail) {
        if (now && failing.add(sweep.what())) {
            LOG.warn("No {} are removed from the store by this server until it may and can delete them: {}",
                    sweep.what(), detail);
        } else if (!now && failing.remove(sweep.what())) {
            LOG.info("{} are removed from the store again", sweep.what());
        }
    }
}
