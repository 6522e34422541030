package io.modelyard.dashboard;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/** @param maxStreams so many pages may be told at the same time what happens; each takes a connection */
@ConfigurationProperties("modelyard.dashboard")
record DashboardConfiguration(@Bindable(defaultValue = "100") int maxStreams) {
    DashboardConfiguration {
        if (maxStreams < 0) {
            throw new IllegalArgumentException("modelyard.dashboard.max-streams is " + maxStreams
                    + "; it must be at least 0, which offers none");
        }
    }
}
