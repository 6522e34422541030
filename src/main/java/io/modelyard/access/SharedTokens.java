package io.modelyard.access;

import io.modelyard.model.KeyLimits.Rate;

/** Makes tokens that all replicas take from, where there is something that they share. */
public interface SharedTokens {
    /**
     * @param name of the limit, the same on every replica
     * @param local of this replica, for as long as what is shared cannot be reached
     */
    Tokens of(String name, Rate rate, LocalTokens local);
}
