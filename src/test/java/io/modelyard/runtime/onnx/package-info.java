/** ONNX Runtime behind the port, and models for it that the tests write themselves. */
@NullMarked
package io.modelyard.runtime.onnx;

import org.jspecify.annotations.NullMarked;
