package io.modelyard.runtime.onnx;

import java.util.regex.Pattern;

/** Makes the messages of ONNX Runtime readable: one line, without its error codes and places in its source code. */
final class LibraryMessage {
    private static final Pattern CODE = Pattern
            .compile("^Error code - \\w+ - message: |\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ");
    /** A file of C++ with a line, and behind it the function: with its signature, or its name alone. */
    private static final Pattern PLACE = Pattern.compile(
            "[\\w/.+-]+\\.(?:cc|cpp|h|hpp):\\d+ (?:[\\w:~<>&*, ]*::~?\\w+\\([^()]*\\)(?: const|::<lambda\\([^()]*\\)>)?|\\w+) ");
    /** The types that a template was made for. */
    private static final Pattern TYPES = Pattern.compile("\\[with [^\\]]*\\] ?");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private LibraryMessage() {}

    static String readable(Throwable e) {
        String message = e.getMessage();
        if (message == null) {
            return e.toString();
        }
        String text = CODE.matcher(message).replaceAll("");
        text = PLACE.matcher(text).replaceAll("");
        text = TYPES.matcher(text).replaceAll("");
        return SPACE.matcher(text).replaceAll(" ").strip();
    }
}
