/** A bucket of an S3 server as an object store. */
@NullMarked
package io.modelyard.store.s3;

import org.jspecify.annotations.NullMarked;
