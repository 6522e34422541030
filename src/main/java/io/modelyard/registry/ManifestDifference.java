package io.modelyard.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Where two manifests say different things about a model; when, by whom and in which push it came does not count. */
final class ManifestDifference {
    private static final List<String> NOT_COMPARED = List.of("created_at", "created_by", "push");
    private static final int SHOWN = 5;
    private static final int LONGEST = 80;

    private final List<String> differences = new ArrayList<>();

    private ManifestDifference() {}

    /** One sentence for each place, at most a few; empty where they say the same. */
    static List<String> between(ObjectNode published, ObjectNode offered) {
        ManifestDifference difference = new ManifestDifference();
        difference.compare("", published.deepCopy().remove(NOT_COMPARED), offered.deepCopy().remove(NOT_COMPARED));
        return difference.differences;
    }

    private void compare(String pointer, JsonNode published, JsonNode offered) {
        if (differences.size() >= SHOWN || isSame(published, offered)) {
            return;
        }
        if (published.isObject() && offered.isObject()) {
            Set<String> names = new TreeSet<>();
            published.fieldNames().forEachRemaining(names::add);
            offered.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(pointer + "/" + name, published.path(name), offered.path(name)));
        } else if (published.isArray() && offered.isArray() && published.size() == offered.size()) {
            for (int i = 0; i < published.size(); i++) {
                compare(pointer + "/" + i, published.get(i), offered.get(i));
            }
        } else {
            differences.add(pointer + " is " + shown(published) + " there and " + shown(offered) + " here");
        }
    }

    private static boolean isSame(JsonNode a, JsonNode b) {
        return (a.isNumber() && b.isNumber()) ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "absent";
        }
        String text = node.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
