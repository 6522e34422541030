/** The description of the API, made from its controllers, and the pages that show it. */
@NullMarked
package io.modelyard.openapi;

import org.jspecify.annotations.NullMarked;
