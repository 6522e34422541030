package io.modelyard.metrics;

/**
 * Series of one name.
 *
 * @param name as scraped, without {@code _total} and the like
 */
record Family(String name, String help) {}
