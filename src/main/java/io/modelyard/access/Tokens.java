package io.modelyard.access;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The tokens of one limit of one key, as this replica gets at them. Safe for use by many threads; does not block. */
public interface Tokens {
    /**
     * What became of the wish to take some.
     *
     * @param granted whether all of them were taken; else none was
     * @param remaining how many are left, as far as is known here
     * @param untilThen until so many will be there, if nobody takes any; zero where they were
     */
    record Taken(boolean granted, long remaining, Duration untilThen) {}

    /** @param count between 1 and the burst */
    CompletionStage<Taken> take(long count);
}
