package io.modelyard.predictioncache;

import java.util.concurrent.Executor;

/** Goes on elsewhere, and knows how long it had to wait for its turn there. For one use. */
final class Arrival implements Executor {
    private final Executor elsewhere;
    private volatile long waited;

    Arrival(Executor elsewhere) {
        this.elsewhere = elsewhere;
    }

    @Override
    public void execute(Runnable work) {
        long arrived = System.nanoTime();
        elsewhere.execute(() -> {
            waited = System.nanoTime() - arrived;
            work.run();
        });
    }

    long waitedNanos() {
        return waited;
    }
}
