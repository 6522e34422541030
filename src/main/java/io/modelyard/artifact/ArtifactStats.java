package io.modelyard.artifact;

/**
 * How the cache is doing. Counters count from the start of the process.
 *
 * @param bytes that it takes
 * @param maxBytes that it may take
 * @param overBytes what is held above that, because it is loaded or has to be kept
 * @param blobs contents
 * @param versions whose files are all there
 * @param fetchedBytes that came from the store
 * @param sharedBytes that did not have to, because another version has the same file
 * @param brokenOff downloads that broke off, and went on or failed
 * @param evictedVersions that were removed for space
 * @param evictedBytes that this gave back
 * @param verifiedBytes that were read again
 * @param damaged files of versions that were found to be other than they were
 * @param unmended those of them that could not be fetched again yet
 */
public record ArtifactStats(long bytes, long maxBytes, long overBytes, int blobs, int versions, long fetchedBytes,
        long sharedBytes, long brokenOff, long evictedVersions, long evictedBytes, long verifiedBytes, long damaged,
        int unmended) {}
