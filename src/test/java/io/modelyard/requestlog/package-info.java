/** The request log, tested on real SQLite files. */
@NullMarked
package io.modelyard.requestlog;

import org.jspecify.annotations.NullMarked;
