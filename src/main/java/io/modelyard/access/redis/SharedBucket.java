package io.modelyard.access.redis;

import java.util.concurrent.CompletionStage;

/** The bucket of one limit that all replicas take from. Does not block. */
@FunctionalInterface
interface SharedBucket {
    /**
     * @param remaining in the bucket now
     */
    record Reply(boolean taken, long remaining) {}

    /** Takes so many tokens, all or none; fails where it cannot be reached. */
    CompletionStage<Reply> take(long count);
}
