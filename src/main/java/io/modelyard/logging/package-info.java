/** The log of the process: as text for people or as JSON for machines, with the request that each line belongs to. */
@NullMarked
package io.modelyard.logging;

import org.jspecify.annotations.NullMarked;
