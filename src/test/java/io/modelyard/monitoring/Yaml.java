package io.modelyard.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files in YAML, as trees. */
final class Yaml {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Yaml() {}

    static JsonNode read(Path file) {
        try {
            return JSON.valueToTree(new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()))
                    .<Object>load(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of a folder with this ending, sorted; there is at least one. */
    static List<Path> files(String folder, String ending) {
        try (Stream<Path> all = Files.list(Path.of(folder))) {
            List<Path> files = all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
            if (files.isEmpty()) {
                throw new AssertionError("there is no *" + ending + " in " + folder);
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
