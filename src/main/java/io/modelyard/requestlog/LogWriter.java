package io.modelyard.requestlog;

import io.micronaut.scheduling.TaskExecutors;
import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that writes: takes batches from the queue, appends them until that succeeds, and keeps the log within
 * its limits in between. One thread, because SQLite has one writer at a time anyway, and because then what waits while a
 * batch is written becomes the next batch by itself.
 */
@Singleton
final class LogWriter {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(30);

    private final RequestLogConfiguration configuration;
    private final ExchangeQueue queue;
    private final RequestLog log;
    private final Retention retention;
    private final RequestLogStats stats;
    private final ExecutorService answers;
    private final InstantSource clock = InstantSource.system();
    private final CountDownLatch closing = new CountDownLatch(1);
    private Instant lastReport = Instant.EPOCH;
    private long reportedDrops;
    private volatile @Nullable Thread thread;
    private volatile long deadline = Long.MAX_VALUE;

    LogWriter(RequestLogConfiguration configuration, ExchangeQueue queue, RequestLog log, Retention retention,
            RequestLogStats stats, @Named(TaskExecutors.BLOCKING) ExecutorService answers) {
        this.configuration = configuration;
        this.queue = queue;
        this.log = log;
        this.retention = retention;
        this.stats = stats;
        this.answers = answers;
    }

    /** Begins to write, where that has not begun. */
    void start() {
        if (thread == null) {
            startOnce();
        }
    }

    private synchronized void startOnce() {
        if (thread == null && closing.getCount() > 0) {
            // A platform thread: calls into SQLite are native and would hold the carrier of a virtual one.
            thread = Thread.ofPlatform().name("requestlog-writer").daemon().start(this::run);
        }
    }

    /**
     * Writes what is queued and ends. Its users are gone by then: the container destroys a bean after those that need
     * it, and the server stops taking requests before that.
     */
    @PreDestroy
    void close() throws InterruptedException {
        deadline = System.nanoTime() + configuration.shutdownTimeout().toNanos();
        Thread writing;
        synchronized (this) {
            queue.close();
            closing.countDown();
            writing = thread;
        }
        if (writing != null && !writing.join(configuration.shutdownTimeout().plusSeconds(1))) {
            LOG.error("The request log did not take {} predictions before the server stopped", stats.queuedRows());
        }
    }

    private void run() {
        try {
            retention.tend();
            while (true) {
                List<QueuedExchange> batch = queue.take(IDLE);
                if (!batch.isEmpty()) {
                    write(batch);
                } else if (queue.isClosed()) {
                    return;
                }
                retention.tend();
                reportDrops();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("The writer of the request log was interrupted; no prediction is logged any more");
        }
    }

    private void write(List<QueuedExchange> batch) throws InterruptedException {
        try {
            appendUntilTaken(batch.stream().map(QueuedExchange::row).toList());
        } catch (RuntimeException | Error e) {
            // The last edge: the thread must outlive whatever is wrong with one batch.
            stats.drop(batch.size());
            failed("a batch of " + batch.size() + " rows is lost: " + e);
            LOG.error("The request log lost a batch of {} predictions", batch.size(), e);
        }
        answer(queue.done(batch));
    }

    private void appendUntilTaken(List<LoggedPrediction> rows) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                log.append(rows);
                wrote(rows.size());
                return;
            } catch (RequestLogException e) {
                failed(String.valueOf(e.getMessage()));
                if (e.refused()) {
                    appendWithoutRefused(rows);
                    return;
                }
            }
            if (!pause(pause)) {
                stats.drop(rows.size());
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** One row must not keep the others out for ever. */
    private void appendWithoutRefused(List<LoggedPrediction> rows) throws InterruptedException {
        if (rows.size() == 1) {
            LOG.error("The request log refuses prediction {}", rows.getFirst().predictionId());
            stats.drop(1);
            return;
        }
        for (LoggedPrediction row : rows) {
            appendUntilTaken(List.of(row));
        }
    }

    /** @return false if there is no time left, because the server stops */
    private boolean pause(Duration pause) throws InterruptedException {
        if (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            return true;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
        return true;
    }

    private void wrote(int rows) {
        stats.failingSince().ifPresent(since -> LOG.info("The request log is written again, after failing since {}",
                since));
        stats.wrote(rows);
    }

    private void failed(String reason) {
        if (stats.failingSince().isEmpty()) {
            LOG.warn("The request log cannot be written, and is tried again: {}", reason);
        }
        stats.failed(clock.instant(), reason);
    }

    /** From here and not from the requests that meet a full queue, which would log thousands of lines. */
    private void reportDrops() {
        Instant now = clock.instant();
        long dropped = stats.dropped();
        if (dropped > reportedDrops && now.isAfter(lastReport.plus(BETWEEN_REPORTS))) {
            LOG.warn("The request log dropped {} predictions; they came faster than the database takes them, or it "
                    + "failed for too long", dropped - reportedDrops);
            reportedDrops = dropped;
            lastReport = now;
        }
    }

    /** Not on this thread: whatever a caller does with its answer must not hold up the log. */
    private void answer(List<QueuedExchange> released) {
        if (released.isEmpty()) {
            return;
        }
        try {
            answers.execute(() -> released.forEach(this::answer));
        } catch (RejectedExecutionException e) {
            // The server stops, and nobody else is left to do it.
            released.forEach(this::answer);
        }
    }

    private void answer(QueuedExchange exchange) {
        CompletableFuture<Void> answer = exchange.answer();
        if (answer != null && !answer.complete(null) && configuration.durability() == Durability.SYNC) {
            stats.answeredUnconfirmed();
        }
    }
}
