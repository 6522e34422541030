@NullMarked
package io.modelyard.redis;

import org.jspecify.annotations.NullMarked;
