package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that compute: as many as cores, and a bounded queue before them. */
@Singleton
final class PredictionThreads {
    private static final int WAITING_PER_CORE = 256;

    private final ThreadPoolExecutor pool;
    private final int limit;

    PredictionThreads(PredictConfiguration configuration) {
        int cores = Runtime.getRuntime().availableProcessors();
        Integer asked = configuration.maxConcurrentRequests();
        this.limit = asked == null ? WAITING_PER_CORE * cores : asked;
        int threads = Math.min(cores, limit);
        this.pool = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(Math.max(1, limit - threads)),
                Thread.ofPlatform().name("predict-", 0).daemon().factory());
    }

    /** @throws ServingFailure if as many requests as allowed are waiting, or the server is stopping */
    void execute(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            throw pool.isShutdown()
                    ? ServingFailure.Unavailable.shuttingDown()
                    : ServingFailure.Overloaded.queueFull(limit + " requests are being computed or wait already",
                            Duration.ofSeconds(1));
        }
    }

    @PreDestroy
    void close() {
        pool.shutdown();
    }
}
