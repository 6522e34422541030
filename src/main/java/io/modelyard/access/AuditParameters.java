package io.modelyard.access;

import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.RecordedChange;
import io.modelyard.registry.RecordedChanges;
import io.modelyard.registry.RecordedChanges.Place;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * What a request for changes says, as text. All methods throw {@link ServingFailure.BadParameter} for text that makes no sense.
 */
record AuditParameters(@Nullable String limit, @Nullable String kind, @Nullable String type, @Nullable String key,
        @Nullable String since, @Nullable String until, @Nullable String cursor) {
    private static final int DEFAULT_LIMIT = 100;
    private static final int GREATEST_LIMIT = 500;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    RecordedChanges.Query query() {
        if (type != null && !ModelId.isType(type)) {
            throw bad("type", type, "the name of a type");
        }
        if (key != null && !KEY_ID.matcher(key).matches()) {
            throw bad("key", key, "the id of a key");
        }
        return new RecordedChanges.Query(asked(), type, key, instant("since", since), instant("until", until), place(),
                rows());
    }

    private RecordedChange.@Nullable Kind asked() {
        return kind == null
                ? null
                : RecordedChange.Kind.ofJsonName(kind)
                        .orElseThrow(() -> bad("kind", String.valueOf(kind), "version, routing, platform or key"));
    }

    private int rows() {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int rows = Integer.parseInt(limit);
            if (rows >= 1 && rows <= GREATEST_LIMIT) {
                return rows;
            }
        } catch (NumberFormatException e) {
            // The same answer as below.
        }
        throw bad("n_limit", limit, "a number from 1 to " + GREATEST_LIMIT);
    }

    private static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // A plus that was not escaped in the URL arrives as a space.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw bad(name, text, "a time such as 2026-11-20T10:00:00Z");
        }
    }

    /** The form that callers get: opaque, and safe in a URL. */
    static String cursor(Place place) {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString((place.at() + " " + place.key()).getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Place place() {
        if (cursor == null) {
            return null;
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int space = plain.indexOf(' ');
            if (space > 0) {
                return new Place(Instant.parse(plain.substring(0, space)), plain.substring(space + 1));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // Neither base64 nor a time: the same answer as below.
        }
        throw new ServingFailure.BadParameter(
                "cursor is not one of this API; pass the next_cursor of the previous answer unchanged");
    }

    private static ServingFailure.BadParameter bad(String name, String text, String wanted) {
        return new ServingFailure.BadParameter(name + " is '" + text + "'; it must be " + wanted);
    }
}
