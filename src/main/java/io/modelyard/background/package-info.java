/** Threads for work that gives way to requests, and the end of what is done every so often. */
@NullMarked
package io.modelyard.background;

import org.jspecify.annotations.NullMarked;
