/** The image and the stack around it, as far as they can be tried without Docker. */
@org.jspecify.annotations.NullMarked
package io.modelyard.docker;
