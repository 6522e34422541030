/** Verified copies of artifact files on local disk. */
@NullMarked
package io.modelyard.artifact;

import org.jspecify.annotations.NullMarked;
