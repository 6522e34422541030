/** Keys and rules, tested through the front door. */
@NullMarked
package io.modelyard.access;

import org.jspecify.annotations.NullMarked;
