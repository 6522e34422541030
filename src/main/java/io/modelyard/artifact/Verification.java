package io.modelyard.artifact;

import io.micronaut.context.annotation.Context;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;

/** Has the cache read what was not read for long, all the time, at a pace that nobody feels. */
@Context
final class Verification {
    private final ArtifactCache cache;
    private @Nullable Thread reading;

    Verification(ArtifactCache cache) {
        this.cache = cache;
    }

    /** Begins to read what is due, unless that is still going on. */
    @Scheduled(initialDelay = "1m", fixedDelay = "1m")
    synchronized void tick() {
        if (reading == null || !reading.isAlive()) {
            reading = Thread.ofVirtual().name("artifact-verification").start(cache::verify);
        }
    }

    @PreDestroy
    synchronized void stop() {
        if (reading != null) {
            reading.interrupt();
        }
    }
}
