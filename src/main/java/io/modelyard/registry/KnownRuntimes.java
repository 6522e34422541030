package io.modelyard.registry;

import java.util.Set;

/**
 * The runtimes that a manifest may name here. Whoever wires the application says which; the registry knows none of them.
 *
 * @param names {@code xgboost} for example
 */
public record KnownRuntimes(Set<String> names) {
    public KnownRuntimes {
        names = Set.copyOf(names);
    }
}
