package io.modelyard.requestlog;

import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The exchanges between the requests, which put them in, and the one writer, which takes them out in batches. What is
 * inside is bounded in number and in bytes, the batch that is being written included. Outside are those whose answers
 * wait for room; there are no more of them than requests in flight. Thread-safe, and never blocks a request.
 */
@Singleton
final class ExchangeQueue {
    /** A batch has about as many bytes at most, so that one transaction does not swell the write-ahead log. */
    private static final long BATCH_BYTES = 8_000_000;

    private final RequestLogConfiguration configuration;
    private final RequestLogStats stats;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Queue<QueuedExchange> inside = new ArrayDeque<>();
    private final Queue<QueuedExchange> outside = new ArrayDeque<>();
    private int rows;
    private long bytes;
    private int wakeAtRows = 1;
    private boolean closed;

    ExchangeQueue(RequestLogConfiguration configuration, RequestLogStats stats) {
        this.configuration = configuration;
        this.stats = stats;
    }

    /** Puts the exchange in, unless there is no room. */
    boolean offer(QueuedExchange exchange) {
        lock.lock();
        try {
            if (closed || !outside.isEmpty() || !hasRoomFor(exchange)) {
                return false;
            }
            admit(exchange);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts the exchange in, now or when there is room; not after the queue was closed. */
    boolean offerOrWait(QueuedExchange exchange) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (outside.isEmpty() && hasRoomFor(exchange)) {
                admit(exchange);
            } else {
                dropThoseWhoseAnswersWent();
                outside.add(exchange);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next batch, in the order of arrival. Waits until there is something, then until the batch is full or its delay
     * is over.
     *
     * @param idle how long to wait for the first
     * @return empty if nothing came, or if the queue is closed and empty
     */
    List<QueuedExchange> take(Duration idle) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            await(idle, () -> !inside.isEmpty());
            if (!inside.isEmpty() && configuration.durability() == Durability.ASYNC) {
                wakeAtRows = configuration.batchRows();
                await(configuration.batchDelay(), this::isBatchFull);
                wakeAtRows = 1;
            }
            List<QueuedExchange> batch = new ArrayList<>(Math.min(inside.size(), configuration.batchRows()));
            long batchBytes = 0;
            while (batch.size() < configuration.batchRows() && batchBytes < BATCH_BYTES && !inside.isEmpty()) {
                QueuedExchange next = inside.remove();
                batchBytes += next.bytes();
                batch.add(next);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The batch was dealt with: its room is free.
     *
     * @return those whose answers may go out now
     */
    List<QueuedExchange> done(List<QueuedExchange> batch) {
        lock.lock();
        try {
            rows -= batch.size();
            for (QueuedExchange exchange : batch) {
                bytes -= exchange.bytes();
            }
            List<QueuedExchange> admitted = new ArrayList<>();
            while (!outside.isEmpty() && hasRoomFor(outside.element())) {
                QueuedExchange next = outside.remove();
                admit(next);
                admitted.add(next);
            }
            stats.queued(rows, bytes);
            return configuration.durability() == Durability.SYNC ? batch : admitted;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more in, but what waits outside. */
    void close() {
        lock.lock();
        try {
            closed = true;
            while (!outside.isEmpty()) {
                admit(outside.remove());
            }
            wake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The first is let in whatever its size, or it would wait for ever. */
    private boolean hasRoomFor(QueuedExchange exchange) {
        return rows == 0
                || (rows < configuration.queueRows() && bytes + exchange.bytes() <= configuration.queueBytes());
    }

    private void admit(QueuedExchange exchange) {
        inside.add(exchange);
        rows++;
        bytes += exchange.bytes();
        stats.queued(rows, bytes);
        if (inside.size() >= wakeAtRows || isBatchFull()) {
            wake.signal();
        }
    }

    /** Answers wait for equally long, so those that waited in vain stand in front. */
    private void dropThoseWhoseAnswersWent() {
        int gone = 0;
        while (!outside.isEmpty() && hasGone(outside.element())) {
            outside.remove();
            gone++;
        }
        if (gone > 0) {
            stats.drop(gone);
        }
    }

    private static boolean hasGone(QueuedExchange exchange) {
        return exchange.answer() == null || exchange.answer().isDone();
    }

    private boolean isBatchFull() {
        return inside.size() >= configuration.batchRows() || bytes >= BATCH_BYTES;
    }

    private void await(Duration most, BooleanSupplier condition) throws InterruptedException {
        long left = most.toNanos();
        while (left > 0 && !closed && !condition.getAsBoolean()) {
            left = wake.awaitNanos(left);
        }
    }
}
