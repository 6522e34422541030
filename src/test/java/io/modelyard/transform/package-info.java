@NullMarked
package io.modelyard.transform;

import org.jspecify.annotations.NullMarked;
