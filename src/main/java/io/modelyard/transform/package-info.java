/** What is done to inputs before, and to outputs after the model: pure functions over tensors. */
@NullMarked
package io.modelyard.transform;

import org.jspecify.annotations.NullMarked;
