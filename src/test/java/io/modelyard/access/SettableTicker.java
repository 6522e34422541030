package io.modelyard.access;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until it is told to go on; a server has it with the property {@code test.ticker=settable}. */
@Singleton
@Replaces(SystemTicker.class)
@Requires(property = "test.ticker", value = "settable")
public final class SettableTicker implements Ticker {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanos() {
        return nanos.get();
    }

    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
