package io.modelyard.runtime;

import java.util.List;
import java.util.Locale;

/**
 * Tells whether a failure is a want of memory. The heap's has a type of its own; the native libraries say theirs in words:
 * C++ {@code std::bad_alloc}, TensorFlow {@code OOM when allocating tensor}, ONNX Runtime
 * {@code Failed to allocate memory for requested buffer} or {@code bad allocation}.
 */
public final class MemoryShortage {
    private static final List<String> WORDS = List.of("bad_alloc", "bad allocation", "oom when allocating",
            "failed to allocate memory", "cannot allocate memory", "out of memory", "resource_exhausted");
    private static final int DEEPEST = 10;

    private MemoryShortage() {}

    public static boolean isBehind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            String message = cause.getMessage();
            String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
            if (cause instanceof OutOfMemoryError || WORDS.stream().anyMatch(text::contains)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
