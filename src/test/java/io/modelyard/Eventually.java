package io.modelyard;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must become true soon. */
public final class Eventually {
    private static final Duration MOST = Duration.ofSeconds(15);

    private Eventually() {}

    /** Asks again and again until it is true; fails after 15 seconds. */
    public static void isTrue(String what, Callable<Boolean> condition) {
        isTrue(what, MOST, condition);
    }

    public static void isTrue(String what, Duration most, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + most.toNanos();
        while (!ask(condition)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + most + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static boolean ask(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
