/** The S3 adapter, over the wire. */
@NullMarked
package io.modelyard.store.s3;

import org.jspecify.annotations.NullMarked;
