/** Experiments: setting them up, what became of their arms, and weights that follow that. */
@NullMarked
package io.modelyard.experiment;

import org.jspecify.annotations.NullMarked;
