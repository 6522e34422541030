@NullMarked
package io.modelyard.tensor;

import org.jspecify.annotations.NullMarked;
