/**
 * What became true of predictions: takes what callers say of them, late, out of order and more than once, scores it, and
 * tells how well each version and each arm does.
 */
@NullMarked
package io.modelyard.feedback;

import org.jspecify.annotations.NullMarked;
