package io.modelyard.access.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether Redis is asked at all. Open at first, and after some failures in a row; closed when a trial succeeded, for which no
 * request waits. Safe for use by many threads.
 */
final class Circuit {
    /** One late answer is a pause of somebody's garbage collector. */
    static final int FAILURES = 3;
    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);

    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean open = true;
    private volatile boolean everClosed;

    boolean isOpen() {
        return open;
    }

    void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    void failed(Throwable why) {
        if (failures.incrementAndGet() >= FAILURES) {
            open(why.toString());
        }
    }

    /** A trial went well. */
    synchronized void close() {
        failures.set(0);
        if (open) {
            open = false;
            LOG.info("Limits of keys are {} replicas together", everClosed ? "held again by all" : "held by all");
            everClosed = true;
        }
    }

    /** It is known that Redis cannot be reached. */
    synchronized void open(String why) {
        if (!open) {
            open = true;
            LOG.warn(
                    "Redis does not answer in time, and until it does each replica holds keys to their limits by itself:"
                            + " {}",
                    why.toString());
        }
    }
}
