package io.modelyard.feedback;

import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.model.ServingFailure;
import io.modelyard.requestlog.RequestLogConfiguration;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Does what is to be done with feedback while nobody waits for it: scores what was early, computes the summary, deletes what
 * is old. On a thread of its own, since a database that is away holds up whoever asks for a connection.
 */
@Singleton
class FeedbackUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(FeedbackUpkeep.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_DELETIONS = Duration.ofMinutes(1);

    private final PendingFeedback pending;
    private final FeedbackSummary summary;
    private final FeedbackTable table;
    private final FeedbackConfiguration configuration;
    private final Duration retention;
    private final ExecutorService threads;
    private final Clock clock;
    /** Held by the work that is being done, and for ever once the server stops. */
    private final Semaphore turn = new Semaphore(1);
    private Instant nextSummary = Instant.MIN;
    private Instant nextDeletion = Instant.MIN;
    private boolean failing;

    FeedbackUpkeep(PendingFeedback pending, FeedbackSummary summary, FeedbackTable table,
            FeedbackConfiguration configuration, RequestLogConfiguration log,
            @Named(TaskExecutors.IO) ExecutorService threads, Clock clock) {
        this.pending = pending;
        this.summary = summary;
        this.table = table;
        this.configuration = configuration;
        this.retention = configuration.retention() == null ? log.retention() : configuration.retention();
        this.threads = threads;
        this.clock = clock;
    }

    @Scheduled(initialDelay = "1s", fixedDelay = "1s")
    void tick() {
        if (turn.tryAcquire()) {
            try {
                threads.execute(this::work);
            } catch (RejectedExecutionException e) {
                // The server stops.
                turn.release();
            }
        }
    }

    /** The database must not be opened again by what is still at work when it was closed. */
    @PreDestroy
    void stop() throws InterruptedException {
        if (!turn.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("Feedback was still being looked after when the server stopped");
        }
    }

    private void work() {
        try {
            once();
            failing = false;
        } catch (ServingFailure e) {
            if (!failing) {
                LOG.warn("Feedback cannot be looked after, which is tried again: {}", e.detail(), e.getCause());
            }
            failing = true;
        } catch (RuntimeException e) {
            LOG.error("Feedback cannot be looked after", e);
        } finally {
            turn.release();
        }
    }

    private void once() {
        pending.resolve();
        Instant now = clock.instant();
        if (!now.isBefore(nextSummary)) {
            summary.refresh();
            // Where there is so much feedback that it takes long, it is done more rarely.
            Duration taken = Duration.between(now, clock.instant());
            Duration pause = configuration.refresh();
            nextSummary = now.plus(taken.multipliedBy(10).compareTo(pause) > 0 ? taken.multipliedBy(10) : pause);
        }
        if (!now.isBefore(nextDeletion)) {
            long before = Predictions.micros(now.minus(retention));
            while (table.deleteBefore(before) > 0) {
                Thread.onSpinWait();
            }
            nextDeletion = now.plus(BETWEEN_DELETIONS);
        }
    }
}
