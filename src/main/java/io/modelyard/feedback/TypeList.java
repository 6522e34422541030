package io.modelyard.feedback;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Types in one column: their names have no space. */
final class TypeList {
    private TypeList() {}

    static String text(Collection<String> types) {
        return String.join(" ", new TreeSet<>(types));
    }

    /** No text means all types, which is an empty set. */
    static Set<String> of(@Nullable String text) {
        return text == null ? Set.of() : Set.of(text.split(" ", -1));
    }
}
