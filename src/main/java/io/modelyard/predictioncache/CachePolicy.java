package io.modelyard.predictioncache;

/** Which tiers are asked. */
public enum CachePolicy {
    /** Those that cost less than they save, as measured for each model. */
    AUTO,
    /** All, whatever they cost. */
    ALWAYS,
    /** None. */
    NEVER
}
