package io.modelyard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The properties that the application reads, as the compiler wrote them down and its sources name them. */
public final class KnownProperties {
    private static final Pattern SINGLE = Pattern.compile("@Property\\(name = \"([^\"]+)\"");

    private KnownProperties() {}

    /** By their full names, each with the default that its record states, or an empty text. */
    public static Map<String, String> all() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        // Not from the class path: the tests' own classes have such a file, too, which lacks some.
        for (JsonNode property : new ObjectMapper()
                .readTree(Path.of("target/classes/META-INF/spring-configuration-metadata.json").toFile())
                .path("properties")) {
            properties.put(property.get("name").textValue(), property.path("defaultValue").asText(""));
        }
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                SINGLE.matcher(Files.readString(source)).results()
                        .forEach(found -> properties.putIfAbsent(found.group(1), ""));
            }
        }
        return properties;
    }
}
