package io.modelyard.runtime.xgboost;

import ml.dmlc.xgboost4j.java.XGBoostError;

import java.util.regex.Pattern;

/** What the native library says, without the stack of its own functions and the place in its source. */
final class NativeError {
    private static final Pattern PLACE = Pattern.compile("^(\\[[0-9:]+\\] )?\\S+:\\d+: ");

    private NativeError() {}

    static String reason(XGBoostError error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return "XGBoost failed without a reason";
        }
        int stack = message.indexOf("\nStack trace");
        String first = (stack < 0 ? message : message.substring(0, stack)).strip();
        return PLACE.matcher(first).replaceFirst("").strip();
    }
}
