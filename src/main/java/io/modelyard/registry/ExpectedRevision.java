package io.modelyard.registry;

import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The revision that a client insists on having seen, as the header {@code If-Match} says it. */
public final class ExpectedRevision {
    private static final Pattern REVISION = Pattern.compile("\"?([0-9]{1,10})\"?");

    private ExpectedRevision() {}

    /**
     * The revision; null where there is no header, or {@code *}.
     *
     * @throws ServingFailure.BadParameter if it is no revision
     */
    public static @Nullable Long parse(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        Matcher revision = REVISION.matcher(ifMatch.strip());
        if (!revision.matches()) {
            throw new ServingFailure.BadParameter("If-Match must be a revision, \"3\" for example, and not " + ifMatch
                    + "; GET /models/{type}/history lists them");
        }
        return Long.valueOf(revision.group(1));
    }
}
