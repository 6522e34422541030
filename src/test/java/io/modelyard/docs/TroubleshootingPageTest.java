package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The messages that docs/troubleshooting.md explains are those that the program has. */
final class TroubleshootingPageTest {
    private static final Pattern MESSAGE = Pattern.compile("^\\*\\*`(.+?)`\\*\\*", Pattern.MULTILINE);
    /** Between two literals that the compiler puts together. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final int SHORTEST = 6;

    @Test
    void quotesMessagesThatThereAre() throws IOException {
        String sources = sources();
        List<String> messages = MESSAGE.matcher(Files.readString(Path.of("docs/troubleshooting.md"))).results()
                .map(found -> found.group(1)).toList();
        assertThat(messages).hasSizeGreaterThan(20);
        List<String> gone = new ArrayList<>();
        for (String message : messages) {
            List<String> parts = Stream.of(message.split("…", -1)).map(String::strip)
                    .filter(part -> part.length() >= SHORTEST).toList();
            assertThat(parts).as(message).isNotEmpty();
            parts.stream().filter(part -> !sources.contains(part)).map(part -> message + "\n    has: " + part)
                    .forEach(gone::add);
        }
        assertThat(gone).isEmpty();
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String folder : List.of("src/main", "bin", "pom.xml")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(each -> each.toString().matches(".*\\.(java|yml|xml)|bin/.*")).toList()) {
                    all.append(JOINT.matcher(Files.readString(file)).replaceAll("").replace("\\\"", "\"")).append('\n');
                }
            }
        }
        return all.toString();
    }
}
