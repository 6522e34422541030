package io.modelyard.serving;

import java.util.OptionalLong;

/** Knows what models took elsewhere, in a process in which they were tried for example. A bean of this type is asked before a load. */
@FunctionalInterface
public interface KnownMemory {
    /** The bytes that the model with this digest took to be loaded and run on its examples; empty where nothing is known. */
    OptionalLong bytes(String digest);
}
