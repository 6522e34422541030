/** The documentation, held to what the program does: its commands are run, its links, names and messages are looked up. */
@NullMarked
package io.modelyard.docs;

import org.jspecify.annotations.NullMarked;
