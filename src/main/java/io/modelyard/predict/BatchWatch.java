package io.modelyard.predict;

import io.modelyard.model.Model;

/** Is told of every computation of a model whose requests are joined. Called on the thread that computes: it must not block. */
@FunctionalInterface
public interface BatchWatch {
    /**
     * Some requests are computed in one call.
     *
     * @param requests at least one
     * @param rows of all of them
     */
    void computed(Model model, int requests, int rows);
}
