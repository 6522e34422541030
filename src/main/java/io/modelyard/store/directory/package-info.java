/** An object store that is a folder: keys are relative paths, objects are plain files. */
@NullMarked
package io.modelyard.store.directory;

import org.jspecify.annotations.NullMarked;
