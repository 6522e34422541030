/** The laws of what is counted, and of how much of it is told. */
@NullMarked
package io.modelyard.metrics;

import org.jspecify.annotations.NullMarked;
