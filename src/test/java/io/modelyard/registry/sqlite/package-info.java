/** Tests of what is kept of the registry on local disk. */
@NullMarked
package io.modelyard.registry.sqlite;

import org.jspecify.annotations.NullMarked;
