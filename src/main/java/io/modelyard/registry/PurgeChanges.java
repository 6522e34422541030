package io.modelyard.registry;

import io.modelyard.model.Routing;
import io.modelyard.model.Routing.Retirement;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a purge writes into a routing: that it begins, before the first file is removed, and that it is done. Pure; where
 * nothing is to be changed they return the routing that they were given.
 *
 * @param by who wants it, or what does it
 */
record PurgeChanges(@Nullable String by, @Nullable String reason) {
    /** @param due which of the deleted versions go, of those that can still be restored */
    Routing begin(Routing newest, Predicate<Map.Entry<String, Retirement>> due, Instant now) {
        return mark(newest, "purge", entry -> entry.getValue().isRestorable() && due.test(entry),
                retired -> new Retirement(retired.at(), retired.by(), retired.reason(), now, null));
    }

    /** @param gone versions of which no file is left */
    Routing end(Routing newest, List<String> gone, Instant now) {
        return mark(newest, "purged", entry -> gone.contains(entry.getKey()) && entry.getValue().purgedAt() == null,
                retired -> new Retirement(retired.at(), retired.by(), retired.reason(), retired.purgingSince(), now));
    }

    private Routing mark(Routing newest, String action, Predicate<Map.Entry<String, Retirement>> which,
            UnaryOperator<Retirement> mark) {
        Map<String, Retirement> retired = new HashMap<>(newest.retired());
        SortedSet<String> marked = new TreeSet<>();
        for (Map.Entry<String, Retirement> entry : newest.retired().entrySet()) {
            if (which.test(entry)) {
                marked.add(entry.getKey());
                retired.put(entry.getKey(), mark.apply(entry.getValue()));
            }
        }
        return marked.isEmpty()
                ? newest
                : newest.withRetired(retired).with(
                        new Routing.Change("", Instant.EPOCH, by, action, String.join(", ", marked), null, reason));
    }
}
