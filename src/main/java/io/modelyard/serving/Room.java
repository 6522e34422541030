package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The room in memory: gives a place to each load before it begins, and sees to it that others leave where it must, as
 * {@link RoomPlan} says. Safe for use by many threads; none of them waits here.
 */
@Singleton
class Room implements Servable.Place {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    private final MemoryLimits limits;
    private final Pins pins;
    private final ExecutorService threads;
    private final Clock clock;
    /** Guarded by this, as are waiting and evictions. */
    private final List<Servable> residents = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<EvictionCause, Long> evictions = new EnumMap<>(EvictionCause.class);
    /** Whether anybody waits: asked at the end of every prediction. */
    private volatile boolean awaited;
    /** Whether a step was begun that will see all that happened until now. */
    private final AtomicBoolean stepping = new AtomicBoolean();

    private record Waiting(Servable servable, RoomPlan.Want want, CompletableFuture<Void> admitted) {}

    /** That there is no room for a load. */
    static final class NoRoomException extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean tooLarge;

        private NoRoomException(String reason, boolean tooLarge) {
            super(reason, null, false, false);
            this.tooLarge = tooLarge;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        /** Whether there can be no room for it, whoever leaves. */
        boolean isTooLarge() {
            return tooLarge;
        }
    }

    Room(MemoryLimits limits, Pins pins, @Named(LoadingThreads.FETCHING) ExecutorService threads, Clock clock) {
        this.limits = limits;
        this.pins = pins;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * A place for what the servable is estimated to take, held until it is gone. Completes on a thread of its own, with a
     * {@link NoRoomException} where there is none.
     */
    CompletableFuture<Void> enter(Servable servable) {
        CompletableFuture<Void> admitted = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(new Waiting(servable,
                    new RoomPlan.Want(servable.model(), servable.memory().bytes(), clock.instant()), admitted));
            awaited = true;
        }
        step();
        return admitted;
    }

    @Override
    public void left(Servable servable) {
        synchronized (this) {
            residents.remove(servable);
            waiting.removeIf(one -> one.servable().equals(servable));
        }
        becameFree();
    }

    /** Cheap where nobody waits: it is told at the end of predictions. */
    @Override
    public void becameFree() {
        if (awaited && stepping.compareAndSet(false, true)) {
            onAThread(() -> {
                stepping.set(false);
                step();
            });
        }
    }

    /** Does what is to be done now. Called when something changed, and once a second since time alone changes something. */
    synchronized void step() {
        for (Optional<RoomPlan.Action> next = next(); next.isPresent(); next = next()) {
            switch (next.get()) {
                case RoomPlan.Action.Admit admit -> {
                    Waiting first = take(admit.want());
                    residents.add(first.servable());
                    onAThread(() -> first.admitted().complete(null));
                }
                case RoomPlan.Action.Refuse refuse -> {
                    Waiting one = take(refuse.want());
                    onAThread(() -> one.admitted()
                            .completeExceptionally(new NoRoomException(refuse.reason(), refuse.isTooLarge())));
                }
                case RoomPlan.Action.Evict evict -> {
                    LOG.info("{} leaves: {}", evict.resident().model().id(), evict.why());
                    evictions.merge(evict.cause(), 1L, Long::sum);
                    servable(evict.resident()).ifPresent(servable -> servable.drain(evict.why()));
                }
            }
        }
        awaited = !waiting.isEmpty();
    }

    private Optional<RoomPlan.Action> next() {
        return RoomPlan.next(residents(), waiting.stream().map(Waiting::want).toList(), limits, pins::isPinned,
                clock.instant());
    }

    private List<RoomPlan.Resident> residents() {
        return residents.stream().map(Servable::resident).toList();
    }

    private Waiting take(RoomPlan.Want want) {
        Waiting found = waiting.stream().filter(one -> one.want().equals(want)).findFirst().orElseThrow();
        waiting.remove(found);
        return found;
    }

    /** There may be two of a model; the older one leaves. */
    private Optional<Servable> servable(RoomPlan.Resident resident) {
        Model model = resident.model();
        return residents.stream().filter(one -> one.model().equals(model) && one.mayLeave()).findFirst();
    }

    /** Whether the load of so many bytes would begin at once, without anybody leaving. */
    synchronized boolean fits(long bytes) {
        return waiting.isEmpty() && RoomPlan.fits(bytes, residents(), limits);
    }

    /** How it stands. */
    synchronized MemoryUse use() {
        return new MemoryUse(residents.size(), limits.models(),
                residents.stream().mapToLong(servable -> servable.memory().bytes()).sum(), limits.bytes(),
                waiting.size(), Map.copyOf(evictions));
    }

    private void onAThread(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            // The server is stopping: those who wait are told so where they wait.
            LOG.debug("nothing moves any more", ServingFailure.Unavailable.shuttingDown());
        }
    }
}
