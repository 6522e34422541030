/**
 * The XGBoost runtime. A model file is parsed and its structure checked here before the native library gets it, because
 * that library trusts what it reads: an index out of range ends the process at the first prediction.
 */
@NullMarked
package io.modelyard.runtime.xgboost;

import org.jspecify.annotations.NullMarked;
