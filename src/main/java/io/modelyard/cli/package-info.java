/** The commands, and how the process starts: its folder, its native libraries, its server. */
@NullMarked
package io.modelyard.cli;

import org.jspecify.annotations.NullMarked;
