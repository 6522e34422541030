package io.modelyard.predictioncache;

/** Says what executes models, as far as answers may depend on it. */
@FunctionalInterface
public interface Evaluators {
    /**
     * Name and version of the library of a runtime.
     *
     * @param runtime as manifests name it
     */
    String library(String runtime);
}
