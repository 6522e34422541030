package io.modelyard.metrics;

import java.time.Duration;
import java.time.Instant;

/**
 * One tally in a {@link Ledger}: how much of what it counted is told in series of its own, and how much is told with others.
 * All but the tally is for one thread at a time.
 */
final class Account<T extends Tally> {
    private final T tally;
    private final Counts nothing;
    private Standing standing = Standing.NEW;
    private Instant since = Instant.MIN;
    /** What was told with others and stays there, up to when its own series began. */
    private Counts handed;
    /** What was told in its own series, up to when they stood still. */
    private Counts told;
    /** Where its own series stand still. */
    private Counts still;
    private long requests;
    private double rate;
    private long requestsWhenAlive;
    private Instant aliveAt = Instant.MIN;

    /** How it is told. */
    enum Standing {
        /** Not decided yet. */
        NEW,
        /** In series of its own. */
        OWN,
        /** With others from now on; its own series stand still, so that whoever scrapes sees where they ended. */
        LEAVING,
        /** With others. */
        OTHER,
        /** With others still; its own series stand at 0, so that whoever scrapes sees where they began. */
        COMING
    }

    Account(T tally, Layout layout) {
        this.tally = tally;
        this.nothing = Counts.none(layout);
        this.handed = nothing;
        this.told = nothing;
        this.still = nothing;
    }

    T tally() {
        return tally;
    }

    Standing standing() {
        return standing;
    }

    /** Whether it has series of its own, be it that they stand still. */
    boolean isShown() {
        return standing == Standing.OWN || standing == Standing.LEAVING || standing == Standing.COMING;
    }

    /** Decides how a new one is told. */
    void begin(boolean own, Instant now) {
        become(own ? Standing.OWN : Standing.OTHER, now);
    }

    /** Its own series stand still. What it counts from now on is told with others. */
    void leave(Instant now) {
        still = untold();
        told = told.plus(still);
        become(Standing.LEAVING, now);
    }

    /** Its own series have ended. */
    void left(Instant now) {
        become(Standing.OTHER, now);
    }

    /** Its own series begin, at 0 for the time being. */
    void come(Instant now) {
        become(Standing.COMING, now);
    }

    /**
     * Its own series count from now on.
     *
     * @return what it counted until now, which stays with others
     */
    Counts came(Instant now) {
        Counts past = untold();
        handed = handed.plus(past);
        become(Standing.OWN, now);
        return past;
    }

    /** Whether it has been as it is for so long. */
    boolean hasBeenFor(Duration time, Instant now) {
        return !now.isBefore(since.plus(time));
    }

    private void become(Standing next, Instant now) {
        standing = next;
        since = now;
    }

    /** What its own series say. */
    Counts own() {
        return switch (standing) {
            case NEW, OTHER, COMING -> nothing;
            case OWN -> untold();
            case LEAVING -> still;
        };
    }

    /** What it adds now to that of others; what it left there before is not in it. */
    Counts withOthers() {
        return switch (standing) {
            case NEW, OWN -> nothing;
            case LEAVING, OTHER, COMING -> untold();
        };
    }

    /** What is told nowhere else. */
    private Counts untold() {
        return tally.read().minus(handed).minus(told);
    }

    /** Looks how many requests it got since it was last asked. */
    void compare() {
        long now = tally.requests();
        rate = rate / 2 + (double) (now - requests);
        requests = now;
    }

    /** Requests of late: of every look half as many as of the next. */
    double rate() {
        return rate;
    }

    /**
     * Whether it has neither been needed nor used for so long.
     *
     * @param isNeeded whether it is now
     */
    boolean isOver(boolean isNeeded, Duration time, Instant now) {
        long counted = tally.requests();
        if (isNeeded || counted != requestsWhenAlive || aliveAt.equals(Instant.MIN)) {
            requestsWhenAlive = counted;
            aliveAt = now;
        }
        return !now.isBefore(aliveAt.plus(time));
    }
}
