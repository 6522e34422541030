package io.modelyard.access;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

/** Looks at the file of keys as often as the store is polled by default, so that a revocation is not later by it. */
@Singleton
@Requires(property = "modelyard.access.keys-file")
final class KeysFileWatch implements ApplicationEventListener<StartupEvent> {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final KeysFile file;
    private final TaskScheduler scheduler;
    private @Nullable ScheduledFuture<?> task;

    KeysFileWatch(KeysFile file, @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.file = file;
        this.scheduler = scheduler;
    }

    @Override
    public synchronized void onApplicationEvent(StartupEvent event) {
        if (file.path().isPresent()) {
            task = scheduler.scheduleWithFixedDelay(EVERY, EVERY, file::look);
        }
    }

    @PreDestroy
    synchronized void stop() {
        if (task != null) {
            task.cancel(false);
        }
    }
}
