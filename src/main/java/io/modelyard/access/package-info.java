/** Who may do what: keys, the roles they carry, and which paths need none. */
@NullMarked
package io.modelyard.access;

import org.jspecify.annotations.NullMarked;
