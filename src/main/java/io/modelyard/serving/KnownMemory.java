package io.modelyard.serving;

import io.modelyard.model.Model;

import java.util.OptionalLong;

/** Knows what models took elsewhere, in a process in which they were tried for example. A bean of this type is asked before a load. */
@FunctionalInterface
public interface KnownMemory {
    /** The bytes that the model took to be loaded and run on its examples; empty where nothing is known. */
    OptionalLong bytes(Model model);
}
