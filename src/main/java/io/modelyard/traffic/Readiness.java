package io.modelyard.traffic;

import io.modelyard.model.Model;
import io.modelyard.tensor.Signature;

import java.util.List;
import java.util.Optional;

/** What this replica can answer with, and knows of it. */
public interface Readiness {
    /** Whether the model is in memory and warm. */
    boolean isReady(Model model);

    /** Whether the model was tried here and cannot be loaded. */
    boolean hasFailed(Model model);

    /** The signature that a load found; empty where this replica has not loaded the model yet. */
    Optional<Signature> learned(Model model);

    /**
     * The version that answered here until now; it goes on until the one that should answer is ready.
     *
     * @param asked an alias with its @, or {@link Router#ACTIVE}
     */
    default Optional<Model> standIn(String type, String asked) {
        return Optional.empty();
    }

    /**
     * Whether callers of {@code contract} may be answered by {@code model}: the same always, once both signatures are known,
     * so whoever is asked often may remember it.
     */
    default boolean keeps(Model contract, Model model) {
        return Router.keeps(contract, model, this);
    }

    /**
     * The versions that {@code @latest} may mean, the latest first: the same as long as the view is the same and nothing is
     * learned, so whoever is asked often may remember it.
     */
    default List<Model> followed(TypeView view) {
        return Router.followed(view, this);
    }
}
