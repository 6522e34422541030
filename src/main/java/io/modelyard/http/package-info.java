/** The edge that all of HTTP shares: failures become problem+json, every exchange has an id and a line in the log. */
@NullMarked
package io.modelyard.http;

import org.jspecify.annotations.NullMarked;
