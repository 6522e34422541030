/** Tests of the TensorFlow runtime, and small models for tests of what stands above it. */
@NullMarked
package io.modelyard.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;
