package io.modelyard.registry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Says which documents a write made.
 *
 * @param documents their keys
 */
record ChangeNotice(Instant at, @Nullable String by, List<String> documents) {
    /** Sorts as the times do. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    ChangeNotice {
        documents = List.copyOf(documents);
    }

    /** @param id makes it unique */
    static String name(Instant at, String id) {
        return TIME.format(at) + "-" + id;
    }

    /** Comes before the keys of all notices of this moment and later, and after those of earlier ones. */
    static String keysAfter(Instant at) {
        return DocumentKey.CHANGES + TIME.format(at);
    }
}
