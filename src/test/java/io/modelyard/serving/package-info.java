/** Tests of serving. */
@NullMarked
package io.modelyard.serving;

import org.jspecify.annotations.NullMarked;
