package io.modelyard.cli;

import io.modelyard.model.ModelId;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a model is called whom nobody named: after its file or folder, or the folder around it where that says nothing. */
final class TypeName {
    private static final Set<String> GENERIC = Set.of("model", "saved_model", "mlmodel", "data", "export", "artifacts");
    private static final Pattern NUMBER = Pattern.compile("[v0-9.]*");
    private static final Pattern ENDING = Pattern.compile("\\.(ubj|json|onnx|pb|xgb|bst|model)$");
    private static final String LAST_RESORT = "model";

    private TypeName() {}

    static String of(Path model) {
        for (Path path = model.toAbsolutePath().normalize(); path.getFileName() != null; path = parent(path)) {
            String name = sanitised(path.getFileName().toString());
            if (!GENERIC.contains(name) && !NUMBER.matcher(name).matches() && ModelId.isType(name)) {
                return name;
            }
        }
        return LAST_RESORT;
    }

    private static Path parent(Path path) {
        @Nullable
        Path parent = path.getParent();
        return parent == null ? path.resolve("/") : parent;
    }

    private static String sanitised(String name) {
        String lower = ENDING.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst("");
        String allowed = lower.replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
        return allowed.length() > 64 ? allowed.substring(0, 64) : allowed;
    }
}
