/** The port to an object store: bytes under keys, with create-only writes. Its adapters are the packages below. */
@NullMarked
package io.modelyard.store;

import org.jspecify.annotations.NullMarked;
