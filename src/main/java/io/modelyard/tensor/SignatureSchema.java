package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Describes the {@code inputs} that a signature accepts as a JSON Schema (draft 2020-12), as a tree of maps and lists. What
 * no schema can say is left out: that tensors have equally many rows, that free axes are equally long in all rows, and
 * that no name is there twice; so is the range of floating-point numbers.
 */
public final class SignatureSchema {
    /** Of wider rows of several inputs only the width is said. */
    private static final int MOST_ITEMS = 1000;

    private final RowLayout layout;
    private final InputDecoder decoder;

    private SignatureSchema(InputDecoder decoder) {
        this.layout = decoder.layout();
        this.decoder = decoder;
    }

    /** Schema of the value of {@code inputs}. */
    public static Map<String, Object> of(Signature signature) {
        return of(new InputDecoder(signature));
    }

    /** Schema of what a decoder takes as {@code inputs}. */
    public static Map<String, Object> of(InputDecoder decoder) {
        return new SignatureSchema(decoder).inputs();
    }

    /**
     * The ways to write {@code inputs}, each by itself: for descriptions of an API, whose readers need a type for each. What
     * mixes them is left out.
     *
     * @param named one row by column or input name
     * @param ordered one row in the order of the columns, where it can be written so
     * @param value one row that is a bare value, where rows are
     * @param tensors all rows, by input name
     */
    public record Forms(Map<String, Object> named, @Nullable Map<String, Object> ordered,
            @Nullable Map<String, Object> value, Map<String, Object> tensors) {}

    /** What a decoder takes as {@code inputs}, form by form. */
    public static Forms forms(InputDecoder decoder) {
        return new SignatureSchema(decoder).forms();
    }

    private Forms forms() {
        Map<String, Object> ordered = layout.isBare()
                ? null
                : layout.inputs().size() == 1 ? rowOfOnlyInput() : layout.isFlat() ? columnsInOrder() : null;
        return new Forms(layout.hasNamedColumns() ? columnsByName() : inputsByName(), ordered,
                layout.isBare() ? value(0, 0) : null, tensorsByName());
    }

    private Map<String, Object> inputs() {
        List<Object> rowForms = rowForms();
        List<Object> itemForms = new ArrayList<>(rowForms);
        if (layout.isBare()) {
            itemForms.add(value(0, 0));
        }
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("title", "rows");
        rows.put("type", "array");
        rows.put("minItems", 1);
        rows.put("items", itemForms.size() == 1 ? itemForms.getFirst() : Map.of("anyOf", itemForms));
        List<Object> forms = new ArrayList<>();
        forms.add(rows);
        forms.addAll(rowForms);
        if (!layout.inputs().isEmpty()) {
            forms.add(tensorsByName());
        }
        return Map.of("anyOf", forms);
    }

    /** The forms of a row that may also stand alone. */
    private List<Object> rowForms() {
        List<Object> forms = new ArrayList<>();
        if (layout.hasNamedColumns()) {
            forms.add(columnsByName());
        }
        if (layout.inputs().size() == 1 && !layout.isBare()) {
            forms.add(rowOfOnlyInput());
        } else if (layout.isFlat()) {
            forms.add(columnsInOrder());
        }
        if (!layout.hasNamedColumns()) {
            forms.add(inputsByName());
        } else if (IntStream.range(0, layout.inputs().size()).anyMatch(this::mayBeNamed)) {
            forms.add(layout.inputs().size() == 1 ? inputsByName() : columnsOrInputsByName());
        }
        return forms;
    }

    private Map<String, Object> columnsByName() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int column = 0; column < layout.columnNames().size(); column++) {
            properties.put(layout.columnNames().get(column), column(column));
        }
        return object("one row by feature name", properties);
    }

    private Map<String, Object> inputsByName() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < layout.inputs().size(); i++) {
            properties.put(layout.input(i).name(), nested(i, layout.rowShape(i)));
        }
        return object("one row by input name", properties);
    }

    /** A row that names of each input either its columns or the input as a whole. */
    private Map<String, Object> columnsOrInputsByName() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int column = 0; column < layout.columnNames().size(); column++) {
            int input = layout.inputOf(column);
            properties.put(layout.columnNames().get(column), layout.isWholeInput(column) && mayBeNamed(input)
                    ? Map.of("anyOf", List.of(column(column), rowOf(input)))
                    : column(column));
        }
        List<Object> choices = new ArrayList<>();
        for (int i = 0; i < layout.inputs().size(); i++) {
            List<String> columns = layout.columnNames().subList(layout.firstColumn(i),
                    layout.firstColumn(i) + layout.width(i));
            String name = layout.input(i).name();
            if (!mayBeNamed(i) || columns.contains(name)) {
                choices.add(Map.of("required", columns));
                continue;
            }
            properties.put(name, rowOf(i));
            Map<String, Object> none = new LinkedHashMap<>();
            columns.forEach(column -> none.put(column, false));
            choices.add(Map.of("if", Map.of("required", List.of(name)), "then", Map.of("properties", none), "else",
                    Map.of("required", columns)));
        }
        Map<String, Object> object = object("one row by feature and input name", properties);
        object.remove("required");
        object.put("allOf", choices);
        return object;
    }

    /** Whether an input's name in a row means the input, and not just a column of that name. */
    private boolean mayBeNamed(int input) {
        int column = layout.columnNames().indexOf(layout.input(input).name());
        return column < 0 || (layout.isWholeInput(column) && layout.rowShape(input).rank() > 0);
    }

    private Map<String, Object> tensorsByName() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < layout.inputs().size(); i++) {
            properties.put(layout.input(i).name(), nested(i, layout.rowShape(i).times(Shape.ANY)));
        }
        return object("whole tensors by input name, their first axis the rows", properties);
    }

    private Map<String, Object> rowOfOnlyInput() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("title", layout.isFlat() ? "one row in the order of the features" : "one row");
        row.putAll(rowOf(0));
        return row;
    }

    private Map<String, Object> columnsInOrder() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("title", "one row in the order of the inputs");
        row.put("type", "array");
        row.put("minItems", layout.width());
        row.put("maxItems", layout.width());
        if (layout.width() > 0 && layout.width() <= MOST_ITEMS) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < layout.inputs().size(); i++) {
                items.addAll(columns(i));
            }
            row.put("prefixItems", items);
        }
        return row;
    }

    private Map<String, Object> column(int column) {
        TensorSpec input = layout.input(layout.inputOf(column));
        int offset = layout.offsetOf(column);
        Map<String, Object> schema = value(layout.inputOf(column), offset);
        if (offset < input.features().size()) {
            String described = describe(input.features().get(offset));
            if (!described.isEmpty()) {
                schema.put("description", described);
            }
        }
        return schema;
    }

    /** Bounds are those of training: values beyond them are accepted, so they are told and not demanded. */
    private static String describe(Feature feature) {
        StringBuilder text = new StringBuilder(feature.unit() == null ? "" : "in " + feature.unit());
        if (feature.minimum() != null || feature.maximum() != null) {
            text.append(text.isEmpty() ? "" : "; ").append("in training from ")
                    .append(feature.minimum() == null ? "any" : feature.minimum().toString()).append(" to ")
                    .append(feature.maximum() == null ? "any" : feature.maximum().toString());
        }
        return text.toString();
    }

    private Map<String, Object> rowOf(int input) {
        return nested(input, layout.rowShape(input));
    }

    private Map<String, Object> nested(int input, Shape shape) {
        if (shape.rank() == 0) {
            return value(input, 0);
        }
        Map<String, Object> array = new LinkedHashMap<>();
        array.put("type", "array");
        if (shape.dim(0) == Shape.ANY) {
            array.put("minItems", 1);
        } else {
            array.put("minItems", shape.dim(0));
            array.put("maxItems", shape.dim(0));
        }
        if (shape.rank() == 1 && columnsDiffer(input)) {
            array.put("prefixItems", columns(input));
        } else {
            array.put("items", nested(input, shape.row()));
        }
        return array;
    }

    private List<Object> columns(int input) {
        return IntStream.range(0, layout.width(input)).<Object>mapToObj(column -> value(input, column)).toList();
    }

    /** Whether not all columns of a flat input take the same. */
    private boolean columnsDiffer(int input) {
        if (!layout.isFlat() || layout.width(input) > MOST_ITEMS) {
            return false;
        }
        return IntStream.range(1, layout.width(input))
                .anyMatch(column -> takesMissing(input, column) != takesMissing(input, 0)
                        || decoder.acceptance(input).vocabulary(column) != decoder.acceptance(input).vocabulary(0));
    }

    private boolean takesMissing(int input, int column) {
        return layout.input(input).dtype().isFloating()
                && (decoder.signature().missingAllowed() || decoder.acceptance(input).takesMissing(column));
    }

    private Map<String, Object> value(int place, int column) {
        TensorSpec input = layout.input(place);
        Map<String, Object> value = new LinkedHashMap<>();
        Vocabulary vocabulary = decoder.acceptance(place).vocabulary(column);
        if (vocabulary != null) {
            return words(vocabulary, takesMissing(place, column));
        }
        String type = switch (input.dtype()) {
            case FLOAT32, FLOAT64 -> "number";
            case INT8, INT16, INT32, INT64, UINT8 -> "integer";
            case BOOL -> "boolean";
            case STRING -> "string";
        };
        value.put("type", takesMissing(place, column) ? List.of(type, "null") : type);
        String format = format(input.dtype());
        if (format != null) {
            value.put("format", format);
        }
        if (input.dtype().isInteger()) {
            value.put("minimum", input.dtype().minimum());
            value.put("maximum", input.dtype().maximum());
        }
        return value;
    }

    /** The name of a dtype among the formats of OpenAPI, as which generated programs hold it; null where it has none. */
    public static @Nullable String format(DataType dtype) {
        return switch (dtype) {
            case FLOAT32 -> "float";
            case FLOAT64 -> "double";
            case INT8, INT16, INT32, UINT8 -> "int32";
            case INT64 -> "int64";
            case BOOL, STRING -> null;
        };
    }

    private static Map<String, Object> words(Vocabulary vocabulary, boolean missing) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("type", missing ? List.of("string", "null") : "string");
        if (vocabulary.isOpen()) {
            value.put("examples", vocabulary.words());
            return value;
        }
        List<@Nullable Object> known = new ArrayList<>(vocabulary.words());
        if (missing) {
            known.add(null);
        }
        value.put("enum", known);
        return value;
    }

    private static Map<String, Object> object(String title, Map<String, Object> properties) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("title", title);
        object.put("type", "object");
        object.put("properties", properties);
        object.put("required", List.copyOf(properties.keySet()));
        object.put("additionalProperties", false);
        return object;
    }
}
