/** What should be served: the documents of the store, the snapshot made of them, and the revisions that change it. */
@NullMarked
package io.modelyard.registry;

import org.jspecify.annotations.NullMarked;
