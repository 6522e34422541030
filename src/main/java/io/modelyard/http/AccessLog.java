package io.modelyard.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.util.List;

/**
 * Which requests have a line in the log, written by the logger {@code io.modelyard.http.access}.
 *
 * @param exclude paths that have none, with all below them
 */
@ConfigurationProperties("modelyard.http.access-log")
record AccessLog(@Bindable(defaultValue = "true") boolean enabled,
        @Bindable(defaultValue = "/health,/metrics") List<String> exclude) {
    static final String LOGGER = "io.modelyard.http.access";

    /** @param path without the query: what stands there may be meant for nobody's log */
    boolean covers(String path) {
        if (!enabled) {
            return false;
        }
        for (String excluded : exclude) {
            if (path.startsWith(excluded)
                    && (path.length() == excluded.length() || path.charAt(excluded.length()) == '/')) {
                return false;
            }
        }
        return true;
    }
}
