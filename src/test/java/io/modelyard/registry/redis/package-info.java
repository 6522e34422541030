/** Tests of what replicas tell each other, with a real Redis. */
@NullMarked
package io.modelyard.registry.redis;

import org.jspecify.annotations.NullMarked;
