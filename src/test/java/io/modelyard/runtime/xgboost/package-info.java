/** Tests of the XGBoost runtime against the library itself. */
@NullMarked
package io.modelyard.runtime.xgboost;

import org.jspecify.annotations.NullMarked;
