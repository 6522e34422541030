package io.modelyard.docker;

import io.modelyard.KnownProperties;
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
        try {
            KnownProperties.all().keySet().forEach(property -> known.add(variable(property)));
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

    /** As the framework spells {@code modelyard.data-dir}. */
    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
