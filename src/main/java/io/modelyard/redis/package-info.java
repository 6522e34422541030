/** Where Redis is, and clients for it that may lose it at any time. */
@NullMarked
package io.modelyard.redis;

import org.jspecify.annotations.NullMarked;
