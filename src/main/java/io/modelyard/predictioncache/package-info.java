/** Answers that were computed before: the key that names them, tiers that keep them, and when it pays to look. */
@NullMarked
package io.modelyard.predictioncache;

import org.jspecify.annotations.NullMarked;
