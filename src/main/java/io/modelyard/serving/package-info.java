/** What is served on this replica: the life of a servable, from its files to its last answer. */
@NullMarked
package io.modelyard.serving;

import org.jspecify.annotations.NullMarked;
