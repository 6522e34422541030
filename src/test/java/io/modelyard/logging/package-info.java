@NullMarked
package io.modelyard.logging;

import org.jspecify.annotations.NullMarked;
