package io.modelyard.serving;

import jakarta.inject.Singleton;

import java.util.OptionalLong;

/**
 * Tells by how much native memory grows while one model is loaded or closed. What happens at the same time as another load is
 * not told, since nobody could say whose it was; small growths by requests that run meanwhile are in it. Safe for use by
 * many threads.
 */
@Singleton
class MemoryGauge {
    private final NativeHeap heap;
    /** Guarded by this, as is begun. */
    private int running;
    private long begun;

    /**
     * The state at the beginning.
     *
     * @param number of this beginning; 0 where something else was running
     */
    record Reading(long number, OptionalLong bytes) {}

    MemoryGauge(NativeHeap heap) {
        this.heap = heap;
    }

    synchronized Reading begin() {
        boolean alone = running == 0;
        running++;
        begun++;
        return new Reading(alone ? begun : 0, alone ? heap.allocated() : OptionalLong.empty());
    }

    /** The bytes that were allocated since, less those that were freed; empty where that cannot be told. */
    synchronized OptionalLong end(Reading before) {
        running--;
        if (before.number() != begun || before.bytes().isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong now = heap.allocated();
        return now.isEmpty() ? now : OptionalLong.of(now.getAsLong() - before.bytes().getAsLong());
    }

    /** Has the allocator give back to the system what is free. */
    void giveBack() {
        heap.trim();
    }
}
