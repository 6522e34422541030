package io.modelyard.tensor;

import java.util.List;

/**
 * The decoded inputs of a request.
 *
 * @param tensors one for each input of the signature, in its order; the first axis of each counts the rows, also where
 *        the model itself knows no such axis
 */
public record InputRows(List<Tensor> tensors, int rows) {}
