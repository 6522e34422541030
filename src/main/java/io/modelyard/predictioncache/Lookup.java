package io.modelyard.predictioncache;

import io.modelyard.tensor.Tensor;

import java.time.Duration;
import java.util.List;

/** What a tier said. */
public sealed interface Lookup {
    /**
     * @param outputs shared with others: nobody writes to them
     * @param left how long they may still be kept
     */
    record Hit(List<Tensor> outputs, Duration left) implements Lookup {}

    /** It has none, or none that it can vouch for. */
    record Miss() implements Lookup {}

    /** It did not answer in time, or at all. */
    record Late() implements Lookup {}

    /** It was not asked, because it has not answered lately. */
    record Away() implements Lookup {}
}
