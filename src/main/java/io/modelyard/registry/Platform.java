package io.modelyard.registry;

import io.modelyard.model.Routing;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all types, as one revision says it.
 *
 * @param defaultType what {@code POST /predict} means
 * @param revision null where somebody wrote the document by hand without it
 * @param change who made this revision; null likewise
 */
record Platform(String defaultType, @Nullable Long revision, Routing.@Nullable Change change) {}
