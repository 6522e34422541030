/** Tests of the store that is a folder. */
@NullMarked
package io.modelyard.store.directory;

import org.jspecify.annotations.NullMarked;
