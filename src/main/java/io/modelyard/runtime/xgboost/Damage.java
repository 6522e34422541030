package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;

import org.jspecify.annotations.Nullable;

/** Makes the exceptions for a model file whose content is not what XGBoost writes. */
record Damage(String file) {
    InvalidModelException found(String detail) {
        return found(detail, null);
    }

    InvalidModelException found(String detail, @Nullable Throwable cause) {
        return new InvalidModelException(file + ": " + detail
                + "; the file is damaged or was not written by XGBoost: save the model again with"
                + " Booster.save_model('model.ubj')", cause);
    }

    /** For a file that may be sound, but that this runtime does not serve. */
    InvalidModelException unserved(String detail) {
        return new InvalidModelException(file + ": " + detail);
    }
}
