package io.modelyard.runtime.xgboost;

/** The contract, with trees in UBJSON. */
final class XgboostRuntimeTest extends TrainedModelContract {
    XgboostRuntimeTest() {
        super("gbtree", "ubj");
    }
}
