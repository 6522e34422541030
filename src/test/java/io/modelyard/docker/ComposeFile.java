package io.modelyard.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** docker-compose.yml. */
public final class ComposeFile {
    private static final Path FILE = Path.of("docker-compose.yml");
    /** {@code ${NAME:-default}}. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):-([^}]*)}");

    private final JsonNode document;

    private ComposeFile(JsonNode document) {
        this.document = document;
    }

    public static ComposeFile read() {
        return new ComposeFile(yaml(FILE));
    }

    static JsonNode yaml(Path file) {
        try {
            return new ObjectMapper().valueToTree(
                    new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By name. */
    public Map<String, Service> services() {
        Map<String, Service> services = new LinkedHashMap<>();
        document.path("services").properties()
                .forEach(each -> services.put(each.getKey(), new Service(each.getKey(), each.getValue())));
        return services;
    }

    public Service service(String name) {
        Service service = services().get(name);
        if (service == null) {
            throw new AssertionError("there is no service " + name);
        }
        return service;
    }

    List<String> volumes() {
        return document.path("volumes").properties().stream().map(Map.Entry::getKey).toList();
    }

    /** The variables of whoever calls Compose. */
    List<String> variables() {
        return VARIABLE.matcher(document.toString()).results().map(found -> found.group(1)).distinct().toList();
    }

    /** One of them. */
    public record Service(String name, JsonNode document) {
        String image() {
            return document.path("image").asText();
        }

        /** What its processes see, where whoever calls Compose sets nothing. */
        public Map<String, String> environment() {
            Map<String, String> environment = new LinkedHashMap<>();
            document.path("environment").properties()
                    .forEach(each -> environment.put(each.getKey(), withDefaults(each.getValue().asText())));
            return environment;
        }

        /** As {@code address:port:port}. */
        List<String> ports() {
            return texts("ports").stream().map(ComposeFile::withDefaults).toList();
        }

        List<Mount> mounts() {
            return texts("volumes").stream().map(Mount::of).toList();
        }

        /** A member that is a list. */
        public List<String> texts(String member) {
            return StreamSupport.stream(document.path(member).spliterator(), false).map(JsonNode::asText).toList();
        }
    }

    /**
     * @param source a path of this repository, or the name of a volume
     */
    record Mount(String source, String target, boolean readOnly) {
        static Mount of(String text) {
            String[] parts = text.split(":", -1);
            return new Mount(parts[0], parts[1], parts.length > 2 && parts[2].equals("ro"));
        }

        boolean isOfTheRepository() {
            return source.startsWith("./");
        }
    }

    private static String withDefaults(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> found.group(2));
    }
}
