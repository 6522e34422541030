package io.modelyard.access.redis;

import io.github.bucket4j.TimeMeter;
import io.modelyard.access.Ticker;

import java.util.concurrent.TimeUnit;

/**
 * The time as Redis tells it, so that the clocks of replicas need not agree; it goes on by this process's own until Redis is
 * asked again. Safe for use by many threads.
 */
final class RedisTime implements TimeMeter {
    private final Ticker ticker;
    private volatile long offset;

    RedisTime(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Redis said what time it was.
     *
     * @param askedAt as of the ticker
     * @param micros since 1970
     */
    void heard(long askedAt, long micros) {
        long now = ticker.nanos();
        // As good as half of the way there and back.
        offset = TimeUnit.MICROSECONDS.toNanos(micros) - (askedAt + (now - askedAt) / 2);
    }

    @Override
    public long currentTimeNanos() {
        return ticker.nanos() + offset;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
