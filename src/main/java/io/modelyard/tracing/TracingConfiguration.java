package io.modelyard.tracing;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.util.List;

/**
 * Whether requests are traced. Where spans go, and which, is said as for every program that uses OpenTelemetry: by the variables
 * {@code OTEL_…}, or the properties {@code otel.…}.
 *
 * @param exclude paths that are not traced, with all below them
 */
@ConfigurationProperties(TracingConfiguration.PREFIX)
record TracingConfiguration(@Bindable(defaultValue = "false") boolean enabled,
        @Bindable(defaultValue = "/health,/metrics") List<String> exclude) {
    static final String PREFIX = "modelyard.tracing";
    static final String ENABLED = PREFIX + ".enabled";

    boolean covers(String path) {
        for (String excluded : exclude) {
            if (path.startsWith(excluded)
                    && (path.length() == excluded.length() || path.charAt(excluded.length()) == '/')) {
                return false;
            }
        }
        return true;
    }
}
