/** Limits and last uses of keys that all replicas share. */
@NullMarked
package io.modelyard.access.redis;

import org.jspecify.annotations.NullMarked;
