package io.modelyard.logging;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How the server logs. What makes no sense is refused at start; {@link ServerLog} puts it into effect before that, so that the first
 * lines are as all others.
 *
 * @param level of Modelyard's own lines; what libraries tell is never more than {@code info} by this
 */
@ConfigurationProperties(LogConfiguration.PREFIX)
record LogConfiguration(@Bindable(defaultValue = "info") LogLevel level,
        @Bindable(defaultValue = "text") LogFormat format) {
    static final String PREFIX = "modelyard.log";
}
