/** The way of a prediction: scan, route, decode, predict, encode, observed as one exchange. */
@NullMarked
package io.modelyard.predict;

import org.jspecify.annotations.NullMarked;
