@NullMarked
package io.modelyard.predictioncache.redis;

import org.jspecify.annotations.NullMarked;
