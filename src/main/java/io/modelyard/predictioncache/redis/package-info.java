/** Answers that replicas share, in a Redis that may be slow, full, wrong or gone at any time. */
@NullMarked
package io.modelyard.predictioncache.redis;

import org.jspecify.annotations.NullMarked;
