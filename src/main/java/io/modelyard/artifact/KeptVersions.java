package io.modelyard.artifact;

import java.util.Set;

/** Which versions should be on disk although nobody uses them, so that a restart without the store has them. */
@FunctionalInterface
public interface KeptVersions {
    /** Their digests, as things are now. */
    Set<String> digests();
}
