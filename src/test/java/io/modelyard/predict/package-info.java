@NullMarked
package io.modelyard.predict;

import org.jspecify.annotations.NullMarked;
