/** Limits that replicas share, with a real Redis and without. */
@NullMarked
package io.modelyard.access.redis;

import org.jspecify.annotations.NullMarked;
