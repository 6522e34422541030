package io.modelyard.artifact;

/**
 * How far a version's files are.
 *
 * @param bytes that are here, shared ones too
 * @param totalBytes of all its files
 * @param sharedBytes that were here before, because other versions have the same files
 */
public record Progress(long bytes, long totalBytes, long sharedBytes) {}
