/** Tensors, their types, shapes and signatures, and the way between them and JSON. */
@NullMarked
package io.modelyard.tensor;

import org.jspecify.annotations.NullMarked;
