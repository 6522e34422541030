package io.modelyard.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands in a terminal: commands behind {@code $ }, and below each what it printed. */
record Transcript(List<String> commands, List<String> outputs) {
    static Transcript of(String text) {
        List<String> commands = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        boolean goesOn = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("$ ")) {
                commands.add(line.substring(2));
                outputs.add("");
                goesOn = line.endsWith("\\");
            } else if (goesOn) {
                commands.add(commands.removeLast() + "\n" + line);
                goesOn = line.endsWith("\\");
            } else {
                outputs.add(outputs.removeLast() + line + "\n");
            }
        }
        return new Transcript(List.copyOf(commands), List.copyOf(outputs));
    }

    /** @param printed what each command printed */
    Optional<String> difference(List<String> printed) {
        for (int at = 0; at < commands.size(); at++) {
            String seen = at < printed.size() ? printed.get(at) : "";
            Optional<String> difference = LooseText.difference(outputs.get(at), seen);
            if (difference.isPresent()) {
                return Optional.of("$ " + commands.get(at) + "\n  " + difference.get());
            }
        }
        return Optional.empty();
    }
}
