package io.modelyard.access.redis;

import java.util.concurrent.CompletionStage;

/** The bucket of one limit that all replicas take from. Does not block. */
@FunctionalInterface
interface SharedBucket {
    /**
     * @param remaining in the bucket now, with the part of a token that has been added since the last whole one: without it,
     *        replicas would come for the next one up to a token's time too late
     */
    record Reply(boolean taken, double remaining) {}

    /** Takes so many tokens, all or none; fails where it cannot be reached. */
    CompletionStage<Reply> take(long count);
}
