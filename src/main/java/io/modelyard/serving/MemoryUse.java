package io.modelyard.serving;

import java.util.Map;

/**
 * How memory is used by models, at one moment.
 *
 * @param models how many have a place, those included that are being loaded or are leaving
 * @param bytes what they take, as far as that was measured, else as estimated
 * @param waiting how many loads wait for room
 * @param evictions how many models had to leave since the start, by cause; a cause that never occurred is absent
 */
public record MemoryUse(int models, int maxModels, long bytes, long maxBytes, int waiting,
        Map<EvictionCause, Long> evictions) {
    /** Whether the number of models is limited. */
    public boolean limitsModels() {
        return maxModels != Integer.MAX_VALUE;
    }

    /** How many had to leave for a cause. */
    public long evicted(EvictionCause cause) {
        return evictions.getOrDefault(cause, 0L);
    }
}
