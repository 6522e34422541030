package io.modelyard.registry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Says which documents a write made.
 *
 * @param documents their keys
 */
record ChangeNotice(Instant at, @Nullable String by, List<String> documents) {
    ChangeNotice {
        documents = List.copyOf(documents);
    }
}
