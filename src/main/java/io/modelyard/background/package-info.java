/** Threads for work that gives way to requests. */
@NullMarked
package io.modelyard.background;

import org.jspecify.annotations.NullMarked;
