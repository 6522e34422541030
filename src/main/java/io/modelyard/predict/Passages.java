package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests that are under way: at most so many. Looks after all of them every few milliseconds and ends those whose time is
 * over or whose caller has left, wherever they are; that costs less than a timer for each. Safe for use by many threads.
 */
@Singleton
final class Passages {
    private static final Logger LOG = LoggerFactory.getLogger(Passages.class);
    private static final Duration EVERY = Duration.ofMillis(10);

    private final int limit;
    private final AtomicInteger inside = new AtomicInteger();
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("prediction-deadlines").daemon().factory());
    private final ScheduledFuture<?> watch;

    Passages(PredictConfiguration configuration) {
        this.limit = configuration.concurrentRequests(Runtime.getRuntime().availableProcessors());
        this.watch = clock.scheduleWithFixedDelay(this::check, EVERY.toMillis(), EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Lets a request in, which must {@link #leave}.
     *
     * @throws ServingFailure.Overloaded if there are too many
     */
    void enter(Passage passage) {
        if (inside.incrementAndGet() > limit) {
            inside.decrementAndGet();
            throw ServingFailure.Overloaded.queueFull(limit + " requests are being computed or wait already",
                    Duration.ofSeconds(1));
        }
        passages.add(passage);
    }

    void leave(Passage passage) {
        if (passages.remove(passage)) {
            inside.decrementAndGet();
        }
    }

    /** How many are under way. */
    int size() {
        return inside.get();
    }

    int limit() {
        return limit;
    }

    private void check() {
        long now = System.nanoTime();
        for (Passage passage : passages) {
            try {
                passage.check(now);
            } catch (RuntimeException e) {
                LOG.error("a prediction could not be ended", e);
            }
        }
    }

    @PreDestroy
    void close() {
        watch.cancel(false);
        clock.shutdown();
    }
}
