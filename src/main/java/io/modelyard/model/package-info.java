/** The nouns: what a model, its manifest, its routing and a key are, and how serving can fail. */
@NullMarked
package io.modelyard.model;

import org.jspecify.annotations.NullMarked;
