package io.modelyard.transform;

import io.modelyard.tensor.Tensor;

/** What a step of pre-processing does to the tensor of one input, in its own array. Immutable; safe for many threads. */
interface Kernel {
    Kernel NOTHING = _ -> {};

    /** @throws io.modelyard.tensor.InvalidInputException if the tensor has another length than the step was made for */
    void apply(Tensor tensor);
}
