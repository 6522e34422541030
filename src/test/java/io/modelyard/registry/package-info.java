/** Tests of the registry, on real folders. */
@NullMarked
package io.modelyard.registry;

import org.jspecify.annotations.NullMarked;
