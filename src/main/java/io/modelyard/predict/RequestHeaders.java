package io.modelyard.predict;

import org.jspecify.annotations.Nullable;

/** The headers of a request, by name in any case. */
@FunctionalInterface
interface RequestHeaders {
    /** The first of that name; null where there is none. */
    @Nullable
    String get(String name);
}
