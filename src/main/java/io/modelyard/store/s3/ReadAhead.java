package io.modelyard.store.s3;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The memory that all streams of a store share to read ahead, and the threads that do. */
final class ReadAhead implements AutoCloseable {
    private final Semaphore parts;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("s3-read-", 0).factory());

    /** @param parts that may be in memory at once */
    ReadAhead(int parts) {
        this.parts = new Semaphore(parts);
    }

    /** Whether there is room for one more part. Never waits: who gets none reads as the content comes. */
    boolean tryAcquire() {
        return parts.tryAcquire();
    }

    void release() {
        parts.release();
    }

    int free() {
        return parts.availablePermits();
    }

    ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
