package io.modelyard.transform;

import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.SignatureSchema;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Describes how one row of an output is told after its steps, as a JSON Schema (draft 2020-12): what
 * {@link io.modelyard.tensor.OutputEncoder} writes for it. Floating-point values may be null, because JSON has no NaN and no
 * infinity. Where only an answer tells its form, everything is allowed.
 */
final class AnswerSchema {
    private final TensorSpec told;
    private final OutputSteps steps;
    private final boolean batched;

    private AnswerSchema(TensorSpec spec, OutputSteps steps, boolean batched) {
        this.told = steps.told(spec);
        this.steps = steps;
        this.batched = batched;
    }

    /** @param batched whether the first axis of the output counts rows */
    static Map<String, Object> of(TensorSpec spec, OutputSteps steps, boolean batched) {
        return new AnswerSchema(spec, steps, batched).row();
    }

    private Map<String, Object> row() {
        Shape row = rowShape();
        if (row == null) {
            return new LinkedHashMap<>();
        }
        long width = width(row);
        if (!told.labels().isEmpty()) {
            if (width == Shape.ANY) {
                return new LinkedHashMap<>();
            }
            int classes = told.labels().size();
            if (told.dtype().isFloating() && (width == classes || OutputSteps.isOneOfTwo(told, (int) width))) {
                return labelled(row.rank() <= 1, width > 1);
            }
            if (width == 1) {
                return object(new LinkedHashMap<>(Map.of("label", label(false))), List.of("label"));
            }
        }
        boolean decides = told.dtype().isFloating() && steps.changesValues();
        if (decides && steps.topK().isPresent()) {
            return top("index", value(DataType.INT32), width);
        }
        Map<String, Object> value = decides && steps.threshold().isPresent()
                ? new LinkedHashMap<>(Map.of("type", List.of("boolean", "null")))
                : value(told.dtype());
        boolean isOneValue = row.rank() == 0 || (row.rank() == 1 && row.dim(0) == 1);
        return isOneValue ? value : nested(row, 0, value);
    }

    /** What one row holds; null where that cannot be told before. */
    private @Nullable Shape rowShape() {
        Shape shape = told.shape();
        if (batched) {
            return shape.row();
        }
        if (shape.rank() > 1 && shape.dim(0) == Shape.ANY) {
            return null;
        }
        return shape.rank() > 1 && shape.dim(0) == 1 ? shape.row() : shape;
    }

    private static long width(Shape row) {
        long width = 1;
        for (int axis = 0; axis < row.rank(); axis++) {
            if (row.dim(axis) == Shape.ANY) {
                return Shape.ANY;
            }
            width *= row.dim(axis);
        }
        return width;
    }

    /** @param decides whether steps may decide about a row of this rank */
    private Map<String, Object> labelled(boolean decides, boolean wide) {
        int classes = told.labels().size();
        Map<String, Object> probability = value(told.dtype());
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("label", label(true));
        properties.put("confidence", probability);
        if (decides && steps.threshold().isPresent() && steps.sigmoid() && wide) {
            properties.put("labels", array(label(false)));
        }
        boolean all = true;
        if (steps.topK().isPresent()) {
            properties.put("top_k", top("label", label(false), classes));
            all = steps.topK().getAsInt() >= classes;
        }
        if (all) {
            Map<String, Object> probabilities = array(probability);
            probabilities.put("description", "in the order of the labels");
            probabilities.put("minItems", classes);
            probabilities.put("maxItems", classes);
            properties.put("probabilities", probabilities);
        }
        return object(properties, List.copyOf(properties.keySet()));
    }

    private Map<String, Object> label(boolean orNull) {
        Map<String, Object> label = new LinkedHashMap<>();
        List<@Nullable String> names = new ArrayList<>(told.labels());
        if (orNull) {
            names.add(null);
        }
        label.put("type", orNull ? List.of("string", "null") : "string");
        label.put("enum", names);
        return label;
    }

    private Map<String, Object> top(String name, Map<String, Object> place, long width) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(name, place);
        properties.put("probability", value(told.dtype()));
        Map<String, Object> array = array(object(properties, List.of(name, "probability")));
        array.put("description", "the greatest first");
        int most = steps.topK().orElse(1);
        array.put("maxItems", width == Shape.ANY ? most : Math.min(most, width));
        return array;
    }

    private static Map<String, Object> nested(Shape row, int axis, Map<String, Object> value) {
        if (axis == row.rank()) {
            return value;
        }
        Map<String, Object> array = array(nested(row, axis + 1, value));
        if (row.dim(axis) != Shape.ANY) {
            array.put("minItems", row.dim(axis));
            array.put("maxItems", row.dim(axis));
        }
        return array;
    }

    /** In the order in which things are put in: a description must have the same bytes everywhere. */
    private static Map<String, Object> array(Map<String, Object> items) {
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        array.put("items", items);
        return array;
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", required);
        return object;
    }

    private static Map<String, Object> value(DataType dtype) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("type", switch (dtype) {
            case FLOAT32, FLOAT64 -> List.of("number", "null");
            case INT8, INT16, INT32, INT64, UINT8 -> "integer";
            case BOOL -> "boolean";
            case STRING -> "string";
        });
        String format = SignatureSchema.format(dtype);
        if (format != null) {
            value.put("format", format);
        }
        return value;
    }
}
