package io.modelyard.serving;

import java.time.Duration;

/** One try to load a servable, and how long it has taken. Its steps are taken by one thread after the other. */
final class LoadAttempt {
    private final Servable servable;
    private final int failures;
    private final long begun = System.nanoTime();
    private volatile long fetched;

    /** @param failures how often the model has failed in a row before */
    LoadAttempt(Servable servable, int failures) {
        this.servable = servable;
        this.failures = failures;
    }

    Servable servable() {
        return servable;
    }

    int failures() {
        return failures;
    }

    /** Its files are there. */
    void fetched() {
        fetched = System.nanoTime();
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Of a servable that is READY now. */
    LoadWatch.Times times() {
        Duration files = Duration.ofNanos(fetched - begun);
        Duration read = servable.loadTime().orElse(Duration.ZERO);
        Duration warmUp = servable.warmupTime().orElse(Duration.ZERO);
        Duration room = took().minus(files).minus(read).minus(warmUp);
        return new LoadWatch.Times(files, room.isNegative() ? Duration.ZERO : room, read, warmUp);
    }
}
