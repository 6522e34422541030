package io.modelyard.logging;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How much is told, from the least to the most. */
public enum LogLevel {
    OFF, ERROR, WARN, INFO, DEBUG, TRACE;

    /** Empty where it is none. */
    public static Optional<LogLevel> of(String word) {
        return Arrays.stream(values()).filter(level -> level.name().equalsIgnoreCase(word.strip())).findFirst();
    }

    /** All of them, as they are written. */
    public static String words() {
        return Arrays.stream(values()).map(level -> level.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
