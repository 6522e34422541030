package io.modelyard.predict;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What the prediction threads have to do, in the order in which they do it:
 * <ol>
 * <li>what was held back as long as it may be,
 * <li>new requests, which are only read, so that one that must be refused is refused soon,
 * <li>the models' work, so that every model gets the same share of the threads' time while others want it too: the turn of
 * each is set by start-time fair queueing (Goyal, Vin, Cheng: Start-time Fair Queueing, SIGCOMM 1996), with the measured
 * time of a thread as the length of a turn. A slow or flooded model makes its own requests wait, not those of others,
 * <li>what is held back, when there is nothing else.
 * </ol>
 * Safe for use by many threads.
 */
final class FairQueue {
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final ArrayDeque<Task> arrivals = new ArrayDeque<>();
    private final PriorityQueue<Turn> turns = new PriorityQueue<>(
            Comparator.comparingDouble(Turn::start).thenComparingLong(Turn::number));
    private final PriorityQueue<Held> held = new PriorityQueue<>(Comparator.comparingLong(Held::latest));
    private double virtualTime;
    private long number;
    private int takers;
    private boolean closed;
    /** Of arrivals and turns; read without the lock. */
    private volatile int waiting;

    /**
     * One thing to do.
     *
     * @param model whose share it is on, or null
     * @param inTurn whether the model's share has been charged with what it is thought to take
     */
    record Task(Runnable work, @Nullable ModelQueue model, boolean inTurn) {}

    private record Turn(double start, long number, Task task) {}

    private record Held(long latest, Task task) {}

    /** @param clock nanoseconds, as of {@link System#nanoTime()} */
    FairQueue(LongSupplier clock) {
        this.clock = clock;
    }

    /** A request that has just come. */
    void arrive(Runnable work) {
        lock.lock();
        try {
            arrivals.add(new Task(work, null, false));
            changed();
        } finally {
            lock.unlock();
        }
    }

    /** Work for a model, when it is its turn. */
    void add(ModelQueue model, Runnable work) {
        lock.lock();
        try {
            turns.add(new Turn(model.nextTurn(virtualTime), number++, new Task(work, model, true)));
            changed();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Work for a model that gains from waiting while there is something else to do.
     *
     * @param latest when it is done at the latest, as of the clock
     * @param taker whether the caller will {@link #take} next, so that nobody else need be woken
     */
    void hold(ModelQueue model, long latest, boolean taker, Runnable work) {
        lock.lock();
        try {
            held.add(new Held(latest, new Task(work, model, false)));
            if (!taker) {
                wakeOne();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether neither requests nor models wait. */
    boolean isEmpty() {
        return waiting == 0;
    }

    /** How many new requests and turns of models wait. */
    int size() {
        return waiting;
    }

    /** How many wait for something to do. */
    int takers() {
        lock.lock();
        try {
            return takers;
        } finally {
            lock.unlock();
        }
    }

    /** The next thing to do, waited for; null when the queue is closed and nothing is left. */
    @Nullable
    Task take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Task next = next();
                if (next != null || closed) {
                    return next;
                }
                takers++;
                try {
                    added.await();
                } finally {
                    takers--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Task next() {
        Held first = held.peek();
        if (first != null && (waiting == 0 || first.latest() - clock.getAsLong() <= 0)) {
            held.remove();
            return first.task();
        }
        if (waiting == 0) {
            return null;
        }
        Task next = arrivals.poll();
        if (next == null) {
            Turn turn = turns.remove();
            virtualTime = Math.max(virtualTime, turn.start());
            next = turn.task();
        }
        waiting = arrivals.size() + turns.size();
        return next;
    }

    /** A task for a model took so long. */
    void took(ModelQueue model, boolean inTurn, long nanos) {
        lock.lock();
        try {
            if (inTurn) {
                model.learn(nanos);
            } else {
                model.charge(virtualTime, nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who take go when nothing is left. */
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void changed() {
        waiting = arrivals.size() + turns.size();
        wakeOne();
    }

    private void wakeOne() {
        if (takers > 0) {
            added.signal();
        }
    }
}
