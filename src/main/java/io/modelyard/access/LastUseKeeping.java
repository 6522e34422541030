package io.modelyard.access;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Keeps when keys were used last: once a minute on local disk, and with the other replicas where there is something that they
 * share. Never in the store, where each would be a revision.
 */
@Singleton
final class LastUseKeeping implements ApplicationEventListener<ServerStartupEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(LastUseKeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final LastUses uses;
    private final LastUseFile file;
    private final @Nullable SharedLastUses shared;
    private final TaskScheduler scheduler;
    private Map<String, Instant> written = Map.of();
    private @Nullable ScheduledFuture<?> task;

    /** @param shared null where this replica knows of itself alone */
    LastUseKeeping(LastUses uses, AccessConfiguration configuration, @Nullable SharedLastUses shared,
            @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.uses = uses;
        this.file = new LastUseFile(configuration.lastUseFile());
        this.shared = shared;
        this.scheduler = scheduler;
    }

    @Override
    public synchronized void onApplicationEvent(ServerStartupEvent event) {
        try {
            uses.include(file.read());
        } catch (IOException e) {
            LOG.warn("When keys were used last is not known from before this start, because {} cannot be read: {}",
                    file.path(), e.toString());
        }
        task = scheduler.scheduleWithFixedDelay(EVERY, EVERY, this::keep);
    }

    /** Tells the others and hears them, and waits a moment for it. */
    void exchange() {
        if (shared != null) {
            CompletableFuture<Void> heard = shared.exchange(uses.all()).thenAccept(uses::include).toCompletableFuture();
            try {
                heard.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.debug("Other replicas could not be asked when keys were used last: {}", e.toString());
            }
        }
    }

    private void keep() {
        exchange();
        write();
    }

    private synchronized void write() {
        Map<String, Instant> now = uses.all();
        if (now.equals(written)) {
            return;
        }
        try {
            file.write(now);
            written = now;
        } catch (IOException e) {
            LOG.warn("When keys were used last could not be written to {}: {}", file.path(), e.toString());
        }
    }

    @PreDestroy
    void stop() {
        synchronized (this) {
            if (task == null) {
                return;
            }
            task.cancel(false);
        }
        write();
    }
}
