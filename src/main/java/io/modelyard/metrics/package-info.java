/** Watches exchanges and the state of every feature, and tells Prometheus. */
@NullMarked
package io.modelyard.metrics;

import org.jspecify.annotations.NullMarked;
