package io.modelyard.model;

/**
 * One file of a version, as its manifest names it.
 *
 * @param path relative, with forward slashes, inside the version's folder
 * @param size in bytes
 * @param sha256 lower-case hex
 */
public record ArtifactFile(String path, long size, String sha256) {}
