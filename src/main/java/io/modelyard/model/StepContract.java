package io.modelyard.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.modelyard.tensor.Feature;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether whoever calls one version can call another instead, as far as the pre- and post-processing of their manifests tell:
 * features that are categories stay so, and answers keep their form.
 */
public final class StepContract {
    private StepContract() {}

    /** What a caller of {@code old} would stumble over in {@code now}; empty where nothing. */
    public static List<String> differences(Manifest old, Manifest now) {
        List<String> found = new ArrayList<>();
        Map<String, JsonNode> before = mapped(old);
        Map<String, JsonNode> after = mapped(now);
        before.forEach((feature, mapping) -> compare(feature, mapping, after.get(feature), found));
        after.keySet().stream().filter(feature -> !before.containsKey(feature))
                .forEach(feature -> found.add("feature '" + feature + "' takes categories, was a number"));
        JsonNode told = steps(old.postprocessing());
        JsonNode tells = steps(now.postprocessing());
        if (!labels(told).equals(labels(tells))) {
            found.add("answers have other labels, or have them no more");
        }
        for (String step : List.of("threshold", "top_k")) {
            if (told.hasNonNull(step) != tells.hasNonNull(step)) {
                found.add("answers have another form: " + step + (told.hasNonNull(step) ? " is gone" : " is new"));
            }
        }
        return found;
    }

    private static void compare(String feature, JsonNode old, @Nullable JsonNode now, List<String> found) {
        if (now == null) {
            found.add("feature '" + feature + "' takes no categories any more");
            return;
        }
        if (now.has("unknown")) {
            return;
        }
        Set<String> gone = categories(old);
        gone.removeAll(categories(now));
        if (!gone.isEmpty()) {
            found.add("feature '" + feature + "' has no category '" + gone.iterator().next() + "' any more");
        } else if (old.has("unknown")) {
            found.add("feature '" + feature + "' refuses unknown categories");
        }
    }

    private static Set<String> categories(JsonNode mapping) {
        Set<String> names = new HashSet<>();
        JsonNode categories = mapping.path("categories");
        if (categories.isArray()) {
            categories.forEach(category -> names.add(category.asText()));
        } else {
            categories.fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    /** The features that are categories, by name, or by place where they have none. */
    private static Map<String, JsonNode> mapped(Manifest manifest) {
        Map<String, JsonNode> mapped = new LinkedHashMap<>();
        JsonNode map = steps(manifest.preprocessing()).path("map");
        List<String> names = manifest.inputs().stream().flatMap(input -> input.features().stream()).map(Feature::name)
                .toList();
        if (map.isArray()) {
            for (int i = 0; i < map.size(); i++) {
                if (!map.get(i).isNull()) {
                    mapped.put(names.size() == map.size() ? names.get(i) : String.valueOf(i), map.get(i));
                }
            }
        } else {
            map.properties().forEach(feature -> mapped.put(feature.getKey(), feature.getValue()));
        }
        return mapped;
    }

    private static JsonNode labels(JsonNode steps) {
        return steps.has("labels") ? steps.get("labels") : BooleanNode.TRUE;
    }

    private static JsonNode steps(@Nullable JsonNode json) {
        return json == null ? MissingNode.getInstance() : json;
    }
}
