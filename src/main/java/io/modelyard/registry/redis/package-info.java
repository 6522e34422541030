/** Replicas tell each other through Redis to look at the store at once. */
@NullMarked
package io.modelyard.registry.redis;

import org.jspecify.annotations.NullMarked;
