/** Tests of the commands and of how the process starts. */
@NullMarked
package io.modelyard.cli;

import org.jspecify.annotations.NullMarked;
