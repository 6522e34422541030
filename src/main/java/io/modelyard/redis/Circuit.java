package io.modelyard.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps requests from asking what does not answer. Closed, all ask; when some of the last answers were missing or late, it opens, and nobody
 * asks. After a pause one asks for all, and does not wait for it: an answer closes the circuit, none makes the next pause twice as
 * long. Safe for use by many threads.
 */
public final class Circuit {
    /** How many outcomes are remembered, and how many bad ones among them are too many. */
    public static final int REMEMBERED = 16;
    public static final int TOO_MANY = 4;

    public static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final Duration longestPause;
    private volatile State state = State.CLOSED;
    /** A bit for each of the last outcomes, 1 for a bad one. */
    private int outcomes;
    private Duration pause = FIRST_PAUSE;
    private long pauseOver;

    /** Whether questions are asked. */
    public enum State {
        CLOSED, OPEN, HALF_OPEN
    }

    /** @param nanos the time, as of {@link System#nanoTime} */
    public Circuit(LongSupplier nanos) {
        this(nanos, LONGEST_PAUSE);
    }

    /** @param longestPause between two that ask for all, at least {@link #FIRST_PAUSE} */
    public Circuit(LongSupplier nanos, Duration longestPause) {
        this.nanos = nanos;
        this.longestPause = longestPause;
    }

    public State state() {
        return state;
    }

    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Whether the caller is the one who asks for all. Then it must say {@link #tried}, whatever happens. */
    public boolean mayTry() {
        return state == State.OPEN && takeTry();
    }

    private synchronized boolean takeTry() {
        if (state != State.OPEN || nanos.getAsLong() - pauseOver < 0) {
            return false;
        }
        state = State.HALF_OPEN;
        return true;
    }

    /** What became of asking for all. */
    public synchronized void tried(boolean good) {
        if (state != State.HALF_OPEN) {
            return;
        }
        if (good) {
            state = State.CLOSED;
            outcomes = 0;
            pause = FIRST_PAUSE;
        } else {
            pause = pause.multipliedBy(2).compareTo(longestPause) < 0 ? pause.multipliedBy(2) : longestPause;
            open();
        }
    }

    /**
     * What became of a question that was asked while it was closed. Of those that come later nothing is believed.
     *
     * @return whether it has opened because of this
     */
    public synchronized boolean asked(boolean good) {
        if (state != State.CLOSED) {
            return false;
        }
        outcomes = ((outcomes << 1) | (good ? 0 : 1)) & ((1 << REMEMBERED) - 1);
        if (Integer.bitCount(outcomes) < TOO_MANY) {
            return false;
        }
        open();
        return true;
    }

    /**
     * Nothing can be asked at all.
     *
     * @return whether it has opened because of this
     */
    public synchronized boolean lose() {
        if (state != State.CLOSED) {
            return false;
        }
        open();
        return true;
    }

    private void open() {
        state = State.OPEN;
        pauseOver = nanos.getAsLong() + pause.toNanos();
    }
}
