/** Measurements, run by hand: each class has a main and says how to start it. */
@NullMarked
package io.modelyard.bench;

import org.jspecify.annotations.NullMarked;
