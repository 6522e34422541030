package io.modelyard.traffic;

import io.modelyard.model.Model;

/** What this replica can answer with. */
public interface Readiness {
    /** Whether the model is in memory and warm. */
    boolean isReady(Model model);

    /** Whether the model was tried here and cannot be loaded. */
    boolean hasFailed(Model model);
}
