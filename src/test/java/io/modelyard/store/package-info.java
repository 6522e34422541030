/** The contract of object stores, run against every adapter. */
@NullMarked
package io.modelyard.store;

import org.jspecify.annotations.NullMarked;
