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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;

/**
 * Keeps the registry fresh: syncs before the server answers, then polls and reconciles. A store that fails is tried
 * again at the next poll. {@code modelyard.registry.watch=false} leaves it to explicit calls, for command-line tools.
 */
@Singleton
@Requires(property = "modelyard.registry.watch", notEquals = "false")
final class RegistryWatch implements ApplicationEventListener<StartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

    private final Registry registry;
    private final RegistryConfiguration configuration;
    private final TaskScheduler scheduler;
    private final List<ScheduledFuture<?>> tasks = new ArrayList<>();
    private volatile boolean stopped;
    private boolean failing;

    RegistryWatch(Registry registry, RegistryConfiguration configuration,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.registry = registry;
        this.configuration = configuration;
        this.scheduler = scheduler;
    }

    @Override
    public synchronized void onApplicationEvent(StartupEvent event) {
        attempt(registry::sync);
        every(configuration.pollInterval(), registry::poll);
        every(configuration.reconcileInterval(), registry::sync);
    }

    @PreDestroy
    synchronized void stop() {
        stopped = true;
        tasks.forEach(task -> task.cancel(false));
        tasks.clear();
    }

    private void every(Duration interval, Runnable sync) {
        tasks.add(scheduler.scheduleWithFixedDelay(interval, interval, () -> attempt(sync)));
    }

    /** The outermost edge of the loop: whatever goes wrong, there is a next time. */
    private void attempt(Runnable sync) {
        if (stopped) {
            return;
        }
        try {
            sync.run();
            noteFailing(false, "");
        } catch (ServingFailure.Unavailable e) {
            noteFailing(true, e.detail());
        } catch (RuntimeException e) {
            LOG.error("The registry could not be read; the last snapshot stays in place", e);
        }
    }

    /** One line when the store fails and one when it answers again, not one for every poll. */
    private synchronized void noteFailing(boolean now, String detail) {
        if (now && !failing) {
            LOG.warn("The store does not answer; the last snapshot stays in place. {}", detail);
        } else if (!now && failing) {
            LOG.info("The store answers again");
        }
        failing = now;
    }
}
