/** Tests of what all that use Redis share. */
@NullMarked
package io.modelyard.redis;

import org.jspecify.annotations.NullMarked;
