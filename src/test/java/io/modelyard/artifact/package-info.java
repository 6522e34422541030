/** Tests of the artifact cache. */
@NullMarked
package io.modelyard.artifact;

import org.jspecify.annotations.NullMarked;
