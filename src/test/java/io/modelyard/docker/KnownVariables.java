package io.modelyard.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.awssdk.core.SdkSystemSetting;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The environment variables that mean something to a server. */
final class KnownVariables {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");
    private static final Pattern PROPERTY = Pattern.compile("@Property\\(name = \"([^\"]+)\"");

    private KnownVariables() {}

    static Set<String> all() {
        Set<String> known = new TreeSet<>();
        try {
            ofRecords(known);
            ofSingleProperties(known);
            for (String file : List.of("src/main/resources/application.yml", "src/main/resources/logback.xml",
                    "bin/modelyard")) {
                PLACEHOLDER.matcher(Files.readString(Path.of(file))).results()
                        .forEach(found -> known.add(found.group(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Arrays.stream(SdkSystemSetting.values()).forEach(setting -> known.add(setting.environmentVariable()));
        return known;
    }

    /** What the compiler wrote down of the records of configuration. */
    private static void ofRecords(Set<String> known) throws IOException {
        try (InputStream metadata = Objects.requireNonNull(
                KnownVariables.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
            for (JsonNode property : new ObjectMapper().readTree(metadata).path("properties")) {
                known.add(variable(property.path("name").asText()));
            }
        }
    }

    private static void ofSingleProperties(Set<String> known) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                PROPERTY.matcher(Files.readString(source)).results()
                        .forEach(found -> known.add(variable(found.group(1))));
            }
        }
    }

    /** As the framework spells {@code modelyard.data-dir}. */
    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
