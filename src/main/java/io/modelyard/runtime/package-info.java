/** The port to what executes a model; each package below is one format: how it is recognised, loaded and run. */
@NullMarked
package io.modelyard.runtime;

import org.jspecify.annotations.NullMarked;
