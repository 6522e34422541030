/** Requests and what becomes of them as OpenTelemetry traces, where that is turned on. */
@NullMarked
package io.modelyard.tracing;

import org.jspecify.annotations.NullMarked;
