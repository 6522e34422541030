/**
 * SavedModels: how they are found, judged as programs, loaded into TensorFlow and run.
 *
 * <p>TensorFlow's C API is called directly, through the bindings that tensorflow-core brings along: unlike the classes
 * on top of them it knows {@code int8} and {@code int16}, loads a model of which one signature is broken, and answers a
 * small request in a third of the time.
 */
@NullMarked
package io.modelyard.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;
