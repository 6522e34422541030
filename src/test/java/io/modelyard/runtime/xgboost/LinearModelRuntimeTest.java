package io.modelyard.runtime.xgboost;

/** The contract, with a linear model in JSON. */
final class LinearModelRuntimeTest extends TrainedModelContract {
    LinearModelRuntimeTest() {
        super("gblinear", "json");
    }
}
