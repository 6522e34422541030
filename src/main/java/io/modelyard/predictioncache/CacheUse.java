package io.modelyard.predictioncache;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model's answers were, since the start.
 *
 * @param ttl how long they are kept; zero where they are not
 * @param memory how many were kept in this process
 * @param redis how many were kept where replicas share them
 * @param misses how many were computed because no cache had them; those are among them that were computed for several requests
 *        at once
 * @param shared how many of the misses were computed for another request
 * @param bypassed how many were computed without asking a cache
 */
public record CacheUse(Duration ttl, long memory, long redis, long misses, long shared, long bypassed) {
    /** The part that was kept, of all; 0 where there were none. */
    public double hitRate() {
        long all = memory + redis + misses + bypassed;
        return all == 0 ? 0 : (double) (memory + redis) / all;
    }

    /** As the API shows it. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("ttl_seconds", ttl.toSeconds());
        members.put("memory_hits", memory);
        members.put("redis_hits", redis);
        members.put("misses", misses);
        members.put("shared", shared);
        members.put("bypassed", bypassed);
        members.put("hit_rate", Math.round(hitRate() * 10_000) / 10_000.0);
        return members;
    }
}
