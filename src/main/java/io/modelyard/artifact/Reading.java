package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads files again that were not read for long, slowly. For one thread; stops when that is interrupted.
 */
final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final CacheFolder folder;
    private final Verified verified;
    private final Counters counters;
    private final long bytesPerSecond;

    Reading(CacheFolder folder, Verified verified, Counters counters, long bytesPerSecond) {
        this.folder = folder;
        this.verified = verified;
        this.counters = counters;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The contents, by SHA-256, of which some file is not what it should be. */
    Set<String> damaged(Collection<Contents> versions) {
        Set<String> damaged = new HashSet<>();
        for (Contents version : versions) {
            for (ArtifactFile file : version.files()) {
                Path blob = folder.blob(file.sha256());
                Path name = folder.files(version.digest()).resolve(file.path());
                if (!isSound(blob, file) || !isSound(name, file)) {
                    damaged.add(file.sha256());
                }
                if (Thread.currentThread().isInterrupted()) {
                    return damaged;
                }
            }
        }
        return damaged;
    }

    /** Links to a blob were stamped with it, and are not read again. */
    private boolean isSound(Path path, ArtifactFile file) {
        try {
            return verified.isFresh(path, file.size()) || verified.check(path, file, this::pace);
        } catch (NoSuchFileException e) {
            // Evicted meanwhile, or removed by hand: the next opening knows.
            return true;
        } catch (IOException e) {
            LOG.warn("{} could not be verified, and is tried again: {}", path, e.toString());
            return true;
        }
    }

    private void pace(int bytes) {
        counters.verifiedBytes.add(bytes);
        try {
            Thread.sleep(1000L * bytes / bytesPerSecond, (int) (1_000_000_000L * bytes / bytesPerSecond % 1_000_000));
        } catch (InterruptedException e) {
            // The rest of this file is read at full speed; then it ends.
            Thread.currentThread().interrupt();
        }
    }
}
