/** Tests through the front door, and of the house itself. */
@NullMarked
package io.modelyard;

import org.jspecify.annotations.NullMarked;
