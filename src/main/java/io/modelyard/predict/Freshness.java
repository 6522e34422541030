package io.modelyard.predict;

import java.util.List;
import java.util.Locale;

/** What a request says about answers that were computed before: the directives of {@code Cache-Control} (RFC 9111) that matter here. */
public enum Freshness {
    /** One that was kept will do. */
    ANY,
    /** It must be computed for this request; it may be kept for others. */
    COMPUTED,
    /** It must be computed for this request, and nothing of it may be kept. */
    UNKEPT;

    /** @param headers values of {@code Cache-Control}; directives that mean nothing to a prediction are passed over */
    public static Freshness of(List<String> headers) {
        Freshness strictest = ANY;
        for (String header : headers) {
            for (String directive : header.split(",", -1)) {
                Freshness said = switch (directive.strip().toLowerCase(Locale.ROOT)) {
                    case "no-store" -> UNKEPT;
                    case "no-cache", "max-age=0" -> COMPUTED;
                    default -> ANY;
                };
                strictest = said.compareTo(strictest) > 0 ? said : strictest;
            }
        }
        return strictest;
    }
}
