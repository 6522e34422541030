package io.modelyard.runtime.tensorflow;

import java.util.regex.Pattern;

/** Makes what TensorFlow says of a failure readable: its marks around node names, its stacks and repetitions go. */
final class TensorflowMessage {
    private static final Pattern STACK = Pattern.compile(
            "\\s*(Original stack trace|\\d+ successful operations|\\d+ derived errors).*", Pattern.DOTALL);
    private static final Pattern FIRST_OF_MANY = Pattern
            .compile("^\\d+ root error\\(s\\) found\\.\\s*\\(0\\)\\s+(?:[A-Z_]+|[A-Z][A-Za-z ]+):\\s*");
    private static final Pattern OTHERS = Pattern.compile("\\s*\\(1\\)\\s+[A-Z].*", Pattern.DOTALL);
    private static final Pattern FUNCTION_MARK = Pattern.compile("\\{\\{function_node [^}]*}}\\s*");
    private static final Pattern DEFINITION = Pattern.compile("'\\{\\{node ([^}]*)}} = [^']*'");
    private static final Pattern NODE_MARK = Pattern.compile("\\s*\\[?\\[?\\{\\{node ([^}]*)}}\\]?\\]?");
    private static final Pattern EDGE_MARK = Pattern.compile("\\s*\\[\\[[^\\[\\]{}]*/_\\d+]]");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private TensorflowMessage() {}

    static String readable(String message) {
        String text = STACK.matcher(message).replaceFirst("");
        if (FIRST_OF_MANY.matcher(text).find()) {
            text = FIRST_OF_MANY.matcher(text).replaceFirst("");
            text = OTHERS.matcher(text).replaceFirst("");
        }
        text = FUNCTION_MARK.matcher(text).replaceAll("");
        text = DEFINITION.matcher(text).replaceAll("node '$1'");
        text = NODE_MARK.matcher(text).replaceAll(" (node '$1')");
        text = EDGE_MARK.matcher(text).replaceAll("");
        text = SPACE.matcher(text).replaceAll(" ").strip();
        return text.isEmpty() ? "no reason given" : text;
    }
}
