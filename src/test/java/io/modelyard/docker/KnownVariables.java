package io.modelyard.docker;

import io.micronaut.context.annotation.Property;
import io.micronaut.inject.BeanDefinition;
import io.modelyard.TestServer;
import software.amazon.awssdk.core.SdkSystemSetting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The environment variables that mean something to a server. */
final class KnownVariables {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)[:}]");

    private KnownVariables() {}

    static Set<String> all() {
        Set<String> known = new TreeSet<>();
        ofProperties(known);
        for (String file : List.of("src/main/resources/application.yml", "src/main/resources/logback.xml",
                "bin/modelyard")) {
            PLACEHOLDER.matcher(text(Path.of(file))).results().forEach(found -> known.add(found.group(1)));
        }
        Arrays.stream(SdkSystemSetting.values()).forEach(setting -> known.add(setting.environmentVariable()));
        return known;
    }

    /** As the framework spells {@code modelyard.data-dir}. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /** Whatever is injected into one of our own beans. */
    private static void ofProperties(Set<String> known) {
        // Without its address there are no beans for Redis; with it, it may be away.
        try (TestServer server = TestServer.prepare().with("modelyard.redis.uri", "redis://127.0.0.1:1").start()) {
            for (BeanDefinition<?> definition : server.context().getAllBeanDefinitions()) {
                if (definition.getName().startsWith("io.modelyard.")) {
                    Arrays.stream(definition.getConstructor().getArguments())
                            .flatMap(argument -> argument.getAnnotationMetadata().stringValue(Property.class, "name")
                                    .stream())
                            .map(KnownVariables::variable).forEach(known::add);
                }
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
