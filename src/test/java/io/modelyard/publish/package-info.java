/** Tests of publishing. */
@NullMarked
package io.modelyard.publish;

import org.jspecify.annotations.NullMarked;
