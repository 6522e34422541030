/** Tests of routing. */
@NullMarked
package io.modelyard.traffic;

import org.jspecify.annotations.NullMarked;
