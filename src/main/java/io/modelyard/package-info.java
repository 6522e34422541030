/** The application: where everything is wired together. Nobody imports it. */
@NullMarked
package io.modelyard;

import org.jspecify.annotations.NullMarked;
