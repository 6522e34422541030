/** Which version answers, as a pure function of routing, request and what is ready. */
@NullMarked
package io.modelyard.traffic;

import org.jspecify.annotations.NullMarked;
