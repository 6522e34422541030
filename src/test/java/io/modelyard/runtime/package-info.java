/** The contract of the runtime port, which the test of every runtime extends. */
@NullMarked
package io.modelyard.runtime;

import org.jspecify.annotations.NullMarked;
