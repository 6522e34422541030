@NullMarked
package io.modelyard.feedback;

import org.jspecify.annotations.NullMarked;
