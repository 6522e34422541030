package io.modelyard.access;

import jakarta.inject.Singleton;

/** The time of this process. */
@Singleton
final class SystemTicker implements Ticker {
    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
