package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** docs/api.md lists the codes that failures have, all of them and no other. */
final class ApiPageTest {
    private static final Path FAILURES = Path.of("src/main/java/io/modelyard/model/ServingFailure.java");
    private static final Path DIAGNOSES = Path.of("src/main/java/io/modelyard/http/Diagnostician.java");
    private static final Pattern OF_FAILURE = Pattern.compile("(?:super|new [A-Z]\\w+)\\(\"([a-z]+(?:_[a-z]+)*)\"");
    private static final Pattern OF_DIAGNOSIS = Pattern.compile("Diagnosis\\.of\\(\\d+, \"([a-z_]+)\"");
    private static final Pattern ROW = Pattern.compile("^\\| [45]\\d\\d(?:, [45]\\d\\d)* \\|(.*)\\|$",
            Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");

    @Test
    void listsTheCodesThatFailuresHave() throws IOException {
        Set<String> codes = new TreeSet<>();
        OF_FAILURE.matcher(Files.readString(FAILURES)).results().forEach(found -> codes.add(found.group(1)));
        OF_DIAGNOSIS.matcher(Files.readString(DIAGNOSES)).results().forEach(found -> codes.add(found.group(1)));
        assertThat(codes).hasSizeGreaterThan(25);
        // It stands in the log alone: nobody reads the answer.
        codes.remove("client_gone");
        Set<String> listed = new TreeSet<>();
        ROW.matcher(Files.readString(Path.of("docs/api.md"))).results()
                .forEach(row -> CODE.matcher(row.group(1)).results().forEach(code -> listed.add(code.group(1))));
        assertThat(listed).containsAll(codes);
        assertThat(listed).allSatisfy(code -> assertThat(sources()).contains('"' + code + '"'));
    }

    private static String sources() throws IOException {
        return String.join("\n", Documentation.sources(Path.of("src/main/java")));
    }
}
