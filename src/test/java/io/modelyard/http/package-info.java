/** The edge of HTTP, tested through the front door. */
@NullMarked
package io.modelyard.http;

import org.jspecify.annotations.NullMarked;
