/** Tests of the nouns. */
@NullMarked
package io.modelyard.model;

import org.jspecify.annotations.NullMarked;
