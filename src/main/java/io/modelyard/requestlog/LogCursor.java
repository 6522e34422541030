package io.modelyard.requestlog;

import io.modelyard.model.ServingFailure;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place between two rows: the last row that was seen. It names a row by what it is sorted by and not by a count, so
 * rows that arrive or leave do not move it.
 */
public record LogCursor(long atMicros, String predictionId) {
    /** The form that callers get: opaque, and safe in a URL. */
    public String encoded() {
        return Base64.getUrlEncoder().withoutPadding()
                .encodeToString((atMicros + " " + predictionId).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws ServingFailure.BadParameter if the text was not made by {@link #encoded()} */
    public static LogCursor decode(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int space = plain.indexOf(' ');
            if (space > 0) {
                return new LogCursor(Long.parseLong(plain.substring(0, space)), plain.substring(space + 1));
            }
        } catch (IllegalArgumentException e) {
            // Neither base64 nor a number: the same answer as below.
        }
        throw new ServingFailure.BadParameter(
                "cursor is not one of this API; pass the next_cursor of the previous answer unchanged");
    }
}
