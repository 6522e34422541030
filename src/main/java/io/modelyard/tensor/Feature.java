package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

/**
 * What one column of a tabular input is called and means.
 *
 * @param name the column's name in rows given as objects
 * @param unit the unit of its values
 * @param minimum the least value seen in training; smaller ones are accepted
 * @param maximum the greatest value seen in training; greater ones are accepted
 */
public record Feature(String name, @Nullable String unit, @Nullable Double minimum, @Nullable Double maximum) {
    public static Feature named(String name) {
        return new Feature(name, null, null, null);
    }
}
