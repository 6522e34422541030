/** ONNX models, computed by ONNX Runtime on the CPU. */
@NullMarked
package io.modelyard.runtime.onnx;

import org.jspecify.annotations.NullMarked;
