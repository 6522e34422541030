package io.modelyard.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where two manifests say different things about a model; when, by whom and in which push it came does not count, nor in
 * which of the answers that an example tolerates another processor differs.
 */
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
            boolean examples = pointer.equals("/examples");
            for (int i = 0; i < published.size(); i++) {
                if (examples && isTolerated(published.get(i), offered.get(i))) {
                    continue;
                }
                compare(pointer + "/" + i, published.get(i), offered.get(i));
            }
        } else {
            differences.add(pointer + " is " + shown(published) + " there and " + shown(offered) + " here");
        }
    }

    /** Whether two examples ask the same and would both hold where one of them does. */
    private static boolean isTolerated(JsonNode published, JsonNode offered) {
        double tolerance = published.path("tolerance").asDouble();
        return isSame(published.path("inputs"), offered.path("inputs"))
                && isSame(published.path("tolerance"), offered.path("tolerance"))
                && isClose(published.path("outputs"), offered.path("outputs"), tolerance);
    }

    private static boolean isClose(JsonNode a, JsonNode b, double tolerance) {
        if (a.isNumber() && b.isNumber()) {
            return Math.abs(a.asDouble() - b.asDouble()) <= tolerance * Math.max(1, Math.abs(a.asDouble()));
        }
        if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
            return false;
        }
        if (a.isObject()) {
            return a.properties().stream()
                    .allMatch(member -> isClose(member.getValue(), b.path(member.getKey()), tolerance));
        }
        for (int i = 0; i < a.size(); i++) {
            if (!isClose(a.get(i), b.get(i), tolerance)) {
                return false;
            }
        }
        return a.isContainerNode() || a.equals(b);
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
