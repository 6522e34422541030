package io.modelyard.serving;

import io.modelyard.artifact.Artifact;
import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One load of one version. Counts who uses it, so that it is closed after the last answer and never under a running one.
 * Safe for use by many threads.
 */
final class Servable {
    /** Set in the count of uses when no new use may begin. */
    private static final int DRAINING = 1 << 30;

    private final Model model;
    private final Executor closing;
    private final Place place;
    private final CompletableFuture<Servable> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final AtomicInteger uses = new AtomicInteger();
    private volatile ServableState state = ServableState.DOWNLOADING;
    private volatile ServableMemory memory;
    private volatile @Nullable DescribedModel described;
    private volatile @Nullable Artifact artifact;
    private volatile Batching batching = Batching.NEVER;
    private volatile @Nullable Duration loadTime;
    private volatile @Nullable Duration warmupTime;
    private volatile @Nullable Instant settled;
    private volatile @Nullable Instant lastUsed;
    private volatile @Nullable Failure failure;
    private volatile @Nullable String departure;

    /** Its place in memory, as the one who gave it is told of it. */
    interface Place {
        /** Nobody uses it any more. */
        void becameFree();

        /** It takes no memory any more. Told once or more often, and also to one who never gave a place. */
        void left(Servable servable);
    }

    /** Why it could not be loaded. */
    record Failure(String reason, Throwable cause, Instant retryAt, int failures) {}

    /**
     * @param memory what it is estimated to take as far as is known now
     * @param closing where memory is given back, which takes its time
     */
    Servable(Model model, ServableMemory memory, Executor closing, Place place) {
        this.model = model;
        this.memory = memory;
        this.closing = closing;
        this.place = place;
    }

    Model model() {
        return model;
    }

    ServableState state() {
        return state;
    }

    ServableMemory memory() {
        return memory;
    }

    /** Completes when it is READY; fails with a ServingFailure when it is FAILED. */
    CompletableFuture<Servable> ready() {
        return ready;
    }

    /** Completes when it takes no memory any more. */
    CompletableFuture<Void> gone() {
        return gone;
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

    /** Why it leaves, or left. */
    Optional<String> departure() {
        return Optional.ofNullable(departure);
    }

    int inFlight() {
        return uses.get() & ~DRAINING;
    }

    /** Whether it is ready, those who waited for it have it, and nobody has asked it to leave yet. */
    boolean mayLeave() {
        return settled != null && !isLeaving();
    }

    /** How it counts where room is made. */
    RoomPlan.Resident resident() {
        Instant used = lastUsed;
        Instant since = settled;
        Instant last = used != null ? used : since != null ? since : Instant.MAX;
        return new RoomPlan.Resident(model, since != null, isLeaving(), memory.bytes(), inFlight(), last);
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

    void takes(ServableMemory bytes) {
        memory = bytes;
    }

    /** Gives it to those who wait for it. Not before they have it may it leave, or it would be loaded in vain. */
    void settle(Instant now) {
        ready.complete(this);
        String leave;
        synchronized (this) {
            settled = now;
            leave = departure;
        }
        if (leave != null) {
            drain(leave);
        }
    }

    void failed(Failure why) {
        failure = why;
        state = ServableState.FAILED;
        leftMemory();
    }

    /** It is not loaded now, though nothing is wrong with it. */
    void gaveUp(String why) {
        departure = why;
        state = ServableState.UNLOADED;
        leftMemory();
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
        int left = uses.decrementAndGet();
        if (left == DRAINING) {
            closing.execute(this::close);
        } else if (left == 0) {
            place.becameFree();
        }
    }

    /** Lets it go when nobody uses it any more; where it is still being loaded, when those who wait for it have it. */
    void leave(String why) {
        leave(why, closing);
    }

    /** As {@link #leave}, where it is not in use on this thread. */
    void leaveHere(String why) {
        leave(why, Runnable::run);
    }

    private void leave(String why, Executor where) {
        synchronized (this) {
            if (settled == null) {
                departure = why;
                return;
            }
        }
        drain(why, where);
    }

    /** Closes it when nobody uses it any more, perhaps now. Later calls do nothing. */
    void drain(String why) {
        drain(why, closing);
    }

    /** As {@link #drain(String)}, where it is not in use on this thread. */
    void drainHere(String why) {
        drain(why, Runnable::run);
    }

    private void drain(String why, Executor where) {
        int before;
        synchronized (this) {
            before = uses.getAndUpdate(count -> count | DRAINING);
            if ((before & DRAINING) == 0) {
                departure = why;
                state = ServableState.DRAINING;
            }
        }
        if (before == 0) {
            where.execute(this::close);
        }
    }

    private boolean isLeaving() {
        return (uses.get() & DRAINING) != 0;
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
            if (last != null) {
                state = ServableState.UNLOADED;
                leftMemory();
            }
        }
    }

    private void leftMemory() {
        // First the place: who waits for the end may ask at once how much is free.
        place.left(this);
        gone.complete(null);
    }
}
