package io.modelyard.serving;

import io.modelyard.artifact.Artifact;
import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One load of one version. Counts who uses it, so that it is closed after the last answer and never under a running one.
 * Safe for use by many threads.
 */
final class Servable {
    /** Set in the count of uses when no new use may begin. */
    private static final int DRAINING = 1 << 30;

    private final Model model;
    private final CompletableFuture<Servable> ready = new CompletableFuture<>();
    private final AtomicInteger uses = new AtomicInteger();
    private volatile ServableState state = ServableState.DOWNLOADING;
    private volatile @Nullable DescribedModel described;
    private volatile @Nullable Artifact artifact;
    private volatile Batching batching = Batching.NEVER;
    private volatile @Nullable Duration loadTime;
    private volatile @Nullable Duration warmupTime;
    private volatile @Nullable Instant lastUsed;
    private volatile @Nullable Failure failure;

    /** Why it could not be loaded. */
    record Failure(String reason, Throwable cause, Instant retryAt, int failures) {}

    Servable(Model model) {
        this.model = model;
    }

    Model model() {
        return model;
    }

    ServableState state() {
        return state;
    }

    /** Completes when it is READY; fails with a ServingFailure when it is FAILED. */
    CompletableFuture<Servable> ready() {
        return ready;
    }

    Optional<DescribedModel> described() {
        return Optional.ofNullable(described);
    }

    /** Decided when it is READY. */
    Batching batching() {
        return batching;
    }

    Optional<Duration> loadTime() {
        return Optional.ofNullable(loadTime);
    }

    Optional<Duration> warmupTime() {
        return Optional.ofNullable(warmupTime);
    }

    Optional<Instant> lastUsed() {
        return Optional.ofNullable(lastUsed);
    }

    Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    int inFlight() {
        return uses.get() & ~DRAINING;
    }

    void is(ServableState next) {
        state = next;
    }

    /** @param files closed with the servable, since a runtime may read them at any time */
    void loaded(DescribedModel loaded, Artifact files, Duration time) {
        described = loaded;
        artifact = files;
        loadTime = time;
        state = ServableState.WARMING;
    }

    /** From now on it can be leased. */
    void warm(Duration time, Batching decided) {
        warmupTime = time;
        batching = decided;
        state = ServableState.READY;
    }

    void failed(Failure why) {
        failure = why;
        state = ServableState.FAILED;
    }

    /** A lease, or empty where it is not ready, or not any more. */
    Optional<Lease> lease(Instant now) {
        DescribedModel current = described;
        if (state != ServableState.READY || current == null) {
            return Optional.empty();
        }
        if ((uses.incrementAndGet() & DRAINING) != 0) {
            release();
            return Optional.empty();
        }
        lastUsed = now;
        return Optional.of(new Lease(model, current, batching, this::release));
    }

    private void release() {
        if (uses.decrementAndGet() == DRAINING) {
            close();
        }
    }

    /** Closes it when nobody uses it any more, perhaps now. Later calls do nothing. */
    void drain() {
        state = ServableState.DRAINING;
        int before = uses.getAndUpdate(count -> count | DRAINING);
        if (before == 0) {
            close();
        }
    }

    /** {@link #drain} once it is loaded; a load that fails leaves nothing to close. */
    @SuppressWarnings("FutureReturnValueIgnored") // draining throws nothing
    void drainWhenReady() {
        ready.thenAccept(Servable::drain);
    }

    private void close() {
        // Two releases may both see the count at zero; one of them takes the model.
        DescribedModel last;
        Artifact files;
        synchronized (this) {
            last = described;
            files = artifact;
            described = null;
            artifact = null;
        }
        try {
            if (last != null) {
                last.close();
            }
        } finally {
            if (files != null) {
                files.close();
            }
        }
        state = ServableState.UNLOADED;
    }
}
