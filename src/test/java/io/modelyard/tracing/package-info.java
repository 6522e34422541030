@NullMarked
package io.modelyard.tracing;

import org.jspecify.annotations.NullMarked;
