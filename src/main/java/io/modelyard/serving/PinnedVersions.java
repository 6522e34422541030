package io.modelyard.serving;

import io.modelyard.traffic.TypeView;

import java.util.Set;

/**
 * Names versions that should stay in memory though nothing in the routing leads to them, those of an experiment for example.
 * Every bean of this type is asked. Must be quick and safe for use by many threads.
 */
@FunctionalInterface
public interface PinnedVersions {
    /** Versions of the type; those that are not published are no harm. */
    Set<String> of(TypeView view);
}
