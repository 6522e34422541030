package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.Acceptance;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.Vocabulary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Reads {@code {"categories": {"a": 0, "b": 1} or ["a", "b"], "unknown": -1 or null}}. */
final class CategoryJson {
    /** A float32 counts no further without gaps, and no column has more categories than this that anyone wrote down. */
    private static final int MOST = 1_000_000;

    private CategoryJson() {}

    /** By column of a flat row. */
    static Map<Integer, Categories> parse(Members map, Columns columns) {
        Map<Integer, Categories> found = new LinkedHashMap<>();
        if (!map.json().isContainerNode() || !columns.isFlat()) {
            throw map.wrong(columns.isFlat()
                    ? "expected an object by feature name, or an array in the order of the features"
                    : "only features can be mapped, and the rows of this model are no lists of features");
        }
        columns.byColumn(map, false).forEach((column, member) -> {
            if (!member.json().isNull()) {
                found.put(column, column(member, columns.inputOf(column)));
            }
        });
        return found;
    }

    private static Categories column(Members of, TensorSpec input) {
        of.demand("member of a mapping", List.of("categories", "unknown"));
        if (!Acceptance.takesWords(input.dtype())) {
            throw of.wrong("this feature is " + input.dtype().jsonName()
                    + "; features of float32, float64, int32 and int64 can be mapped");
        }
        Members categories = of.member("categories");
        List<String> words = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        JsonNode json = categories.json();
        if (json.isEmpty() || json.size() > MOST) {
            throw categories.wrong("expected an object of numbers by category, or an array of categories that are "
                    + "counted from 0");
        }
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                if (!json.get(i).isTextual()) {
                    throw categories.element(i).wrong("expected a string");
                }
                words.add(json.get(i).textValue());
                numbers.add((double) i);
            }
        } else {
            for (Map.Entry<String, JsonNode> category : json.properties()) {
                words.add(category.getKey());
                numbers.add(number(categories.member(category.getKey()), input));
            }
        }
        if (new LinkedHashSet<>(words).size() != words.size()) {
            throw categories.wrong("a category is there twice");
        }
        Members unknown = of.member("unknown");
        boolean open = of.json().has("unknown");
        if (unknown.json().isNull() && !input.dtype().isFloating()) {
            throw unknown.wrong("expected an integer: an input of " + input.dtype().jsonName()
                    + " knows no missing values");
        }
        return new Categories(new Vocabulary(words, open), numbers.stream().mapToDouble(Double::doubleValue).toArray(),
                open && !unknown.json().isNull() ? number(unknown, input) : Double.NaN);
    }

    private static double number(Members of, TensorSpec input) {
        double number = of.number();
        boolean fits = switch (input.dtype()) {
            case FLOAT32 -> Float.isFinite((float) number);
            case INT32 -> number == (int) number;
            case INT64 -> number == Math.rint(number) && Math.abs(number) <= 1L << 53;
            case FLOAT64, INT8, INT16, UINT8, BOOL, STRING -> true;
        };
        if (!fits) {
            throw of.wrong("this number does not fit into an input of " + input.dtype().jsonName());
        }
        return number;
    }
}
