package io.modelyard.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;

/**
 * How a server stops.
 *
 * @param delay how long it goes on taking requests after its readiness went down, so that whoever sends them sees that
 *        first
 * @param grace how long it has in all, the delay included, before it ends whatever is unfinished
 */
@ConfigurationProperties("modelyard.shutdown")
record ShutdownConfiguration(@Bindable(defaultValue = "0s") Duration delay,
        @Bindable(defaultValue = "30s") Duration grace) {
    ShutdownConfiguration {
        if (!grace.isPositive()) {
            throw new ConfigurationException("modelyard.shutdown.grace is " + grace + "; it must be more than 0");
        }
        if (delay.isNegative() || delay.compareTo(grace.dividedBy(2)) > 0) {
            throw new ConfigurationException("modelyard.shutdown.delay is " + delay
                    + "; it must be from 0 to half of modelyard.shutdown.grace, which is " + grace);
        }
    }

    /** The part of the grace that requests have to be answered; what is left is for the log and the models. */
    Duration forRequests() {
        return grace.multipliedBy(5).dividedBy(6);
    }
}
