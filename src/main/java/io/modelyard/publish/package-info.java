/** From files that somebody names, or drops into the store, to a published version: find, infer, prove, upload. */
@NullMarked
package io.modelyard.publish;

import org.jspecify.annotations.NullMarked;
