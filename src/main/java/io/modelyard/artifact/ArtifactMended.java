package io.modelyard.artifact;

/**
 * Files of a version that is loaded were damaged on disk and are right again: what was loaded from them is to be loaded
 * anew.
 *
 * @param digest of the model
 */
public record ArtifactMended(String digest) {}
