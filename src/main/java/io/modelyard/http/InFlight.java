package io.modelyard.http;

import jakarta.inject.Singleton;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The connections of this server, the requests it has taken and not answered, and whether it takes more. Safe for use by many threads. */
@Singleton
final class InFlight {
    /** How the server stands to new requests. */
    enum Phase {
        /** Takes them. */
        SERVING,
        /** Takes them, says that it is not ready, and closes each connection after its answer. */
        LEAVING,
        /** Refuses them. */
        REFUSING
    }

    private final Set<FrontDoor> doors = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Phase phase = Phase.SERVING;

    Phase phase() {
        return phase;
    }

    /** Requests that were taken and are not answered. */
    int requests() {
        return requests.get();
    }

    int connections() {
        return doors.size();
    }

    void opened(FrontDoor door) {
        doors.add(door);
    }

    void closed(FrontDoor door) {
        doors.remove(door);
    }

    /** Takes a request; false where the server takes none any more. What was taken must be {@link #end ended}. */
    boolean begin() {
        requests.incrementAndGet();
        if (phase == Phase.REFUSING) {
            end();
            return false;
        }
        return true;
    }

    /** A request that was taken is answered, or given up. */
    void end() {
        if (requests.decrementAndGet() == 0 && phase == Phase.REFUSING) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    void enter(Phase next) {
        phase = next;
        doors.forEach(FrontDoor::phaseChanged);
    }

    /** Waits until all that was taken is answered, at most until {@link System#nanoTime} is {@code deadline}; whether it is. */
    synchronized boolean awaitNone(long deadline) throws InterruptedException {
        while (requests.get() > 0) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Ends every connection, whatever it waits for. */
    void abandon() {
        doors.forEach(FrontDoor::abandon);
    }
}
