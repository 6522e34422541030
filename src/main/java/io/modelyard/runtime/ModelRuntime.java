package io.modelyard.runtime;

/**
 * What executes the models of one format. A runtime is a bean of this type in a package of its own; nothing else names
 * it. Safe for use by many threads.
 */
public interface ModelRuntime {
    /** The name in manifests, {@code xgboost} for example. */
    String name();

    /** Name and version of the library that computes, {@code xgboost4j 3.4.0} for example. */
    String library();

    /**
     * Loads the library, where that is not done yet, so that what a model then takes is its own. Without it the first model
     * loads the library.
     */
    default void initialise() {}

    /** Whether these files look like a model of this runtime, judged by names and first bytes. */
    boolean recognises(ModelFiles files);

    /**
     * Whether the models name their inputs and outputs. Where they do not, a manifest may call them what it likes, and
     * they are matched by their place.
     */
    boolean namesTensors();

    /**
     * Whether all its models know missing values. Of others only a load tells.
     */
    default boolean knowsMissing() {
        return false;
    }

    /**
     * Loads a model. What can be checked of the files is checked before a native library gets them.
     *
     * @throws InvalidModelException with what is wrong with the files and what to do, if they cannot be served
     */
    LoadedModel load(ModelFiles files) throws InvalidModelException;
}
