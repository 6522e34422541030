@NullMarked
package io.modelyard.trial;

import org.jspecify.annotations.NullMarked;
