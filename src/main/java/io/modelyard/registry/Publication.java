package io.modelyard.registry;

import io.modelyard.model.Model;

/** What became of a manifest that was to be published. */
public sealed interface Publication {
    Model model();

    /** The version is new. */
    record Created(Model model) implements Publication {}

    /** The version was there with the same content; {@code model} is as it was published then. */
    record AlreadyPublished(Model model) implements Publication {}
}
