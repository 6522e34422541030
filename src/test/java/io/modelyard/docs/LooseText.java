package io.modelyard.docs;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Text as documentation writes it: … stands for anything within a line, a line of … alone for any lines; numbers and times are as good
 * as others, and so is white space.
 */
final class LooseText {
    private static final Pattern TIME = Pattern
            .compile("\\d{4}-\\d\\d-\\d\\d([T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?)?");
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

    private LooseText() {}

    /** Whether one line, or string, is as the other says. */
    static boolean matches(String said, String seen) {
        String[] parts = flat(said).split("…", -1);
        StringBuilder pattern = new StringBuilder();
        for (int at = 0; at < parts.length; at++) {
            pattern.append(at == 0 ? "" : ".*").append(Pattern.quote(parts[at]));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(flat(seen)).matches();
    }

    /** The first line that is not there as the page says. */
    static Optional<String> difference(String said, String seen) {
        return difference(said.strip().lines().toList(), seen.strip().lines().toList());
    }

    private static Optional<String> difference(List<String> said, List<String> seen) {
        int line = 0;
        for (int at = 0; at < said.size(); at++) {
            String text = said.get(at);
            if (text.strip().equals("…")) {
                if (at == said.size() - 1) {
                    return Optional.empty();
                }
                String next = said.get(at + 1);
                while (line < seen.size() && !matches(next, seen.get(line))) {
                    line++;
                }
            } else if (line >= seen.size()) {
                return Optional.of("the page goes on with: " + text);
            } else if (!matches(text, seen.get(line))) {
                return Optional.of("the page says: " + text + "\n  it printed: " + seen.get(line));
            } else {
                line++;
            }
        }
        return line < seen.size() ? Optional.of("it went on to print: " + seen.get(line)) : Optional.empty();
    }

    private static String flat(String text) {
        String timeless = TIME.matcher(text.strip().replaceAll("\\s+", " ")).replaceAll("<time>");
        return NUMBER.matcher(timeless).replaceAll("0");
    }
}
