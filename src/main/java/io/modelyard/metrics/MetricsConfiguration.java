package io.modelyard.metrics;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How much there is to be scraped.
 *
 * @param maxModels how many versions, and how many arms of experiments, have series of their own; all others are counted
 *        together
 */
@ConfigurationProperties("modelyard.metrics")
record MetricsConfiguration(@Bindable(defaultValue = "200") int maxModels) {
    private static final int MOST = 10_000;

    MetricsConfiguration {
        if (maxModels < 1 || maxModels > MOST) {
            throw new ConfigurationException("modelyard.metrics.max-models is " + maxModels
                    + "; it must be from 1 to " + MOST);
        }
    }
}
