/** Tests of experiments. */
@NullMarked
package io.modelyard.experiment;

import org.jspecify.annotations.NullMarked;
