package io.modelyard.registry;

/**
 * Lets other replicas look at once at what this one wrote. A courtesy: without it, or where it fails, they see it at
 * their next poll.
 */
public interface SyncSignal {
    /** Called after a document was written and its notice, too. Neither blocks nor throws. */
    void written();
}
