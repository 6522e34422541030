package io.modelyard.experiment;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;

/** @param reweightEvery how old weights are at least before they are computed anew */
@ConfigurationProperties("modelyard.experiment")
record ExperimentConfiguration(@Bindable(defaultValue = "5m") Duration reweightEvery) {
    ExperimentConfiguration {
        if (!reweightEvery.isPositive()) {
            throw new IllegalArgumentException(
                    "modelyard.experiment.reweight-every is " + reweightEvery
                            + "; it must be above zero, 5m for example");
        }
    }
}
