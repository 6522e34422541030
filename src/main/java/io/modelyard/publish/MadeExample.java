package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows for a model that brings none, made from its signature alone. The middle of a feature's known range is the best
 * guess; where no range is known the values of a row are small and differ from place to place, so that an answer shows
 * when two of them change places, which a row of zeros would not.
 */
final class MadeExample {
    /** A row of more values would make the manifest longer than anyone reads: some images are. */
    static final int MOST_VALUES = 16_384;
    /** Rows of more columns are written as arrays. */
    private static final int MOST_NAMED = 64;
    private static final double GOLDEN = 0.618033988749895;
    private static final List<Long> LENGTHS = List.of(1L, 32L, 224L);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private enum Filling {
        /** Small values that differ. */
        VARIED,
        /** For models that take only some values: indices into a table, masks. */
        ZERO
    }

    private MadeExample() {}

    /** Values of {@code inputs} with one row each, those first that would be the better example. */
    static List<JsonNode> rows(InputDecoder decoder) {
        List<JsonNode> rows = new ArrayList<>();
        for (long length : LENGTHS) {
            for (Filling filling : Filling.values()) {
                JsonNode row = row(decoder, length, filling);
                if (row != null && !rows.contains(row)) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** @param length of the axes whose length is free; null where the row has too many values */
    private static @Nullable JsonNode row(InputDecoder decoder, long length, Filling filling) {
        Signature signature = decoder.signature();
        ObjectNode byInput = JSON.objectNode();
        long values = 0;
        for (int i = 0; i < signature.inputs().size(); i++) {
            long[] dims = decoder.rowShape(i).toArray();
            for (int axis = 0; axis < dims.length; axis++) {
                dims[axis] = dims[axis] == Shape.ANY ? length : dims[axis];
            }
            Shape shape = Shape.of(dims);
            values += shape.elements();
            if (values > MOST_VALUES) {
                return null;
            }
            TensorSpec input = signature.inputs().get(i);
            byInput.set(input.name(), nested(decoder, i, shape, 0, filling));
        }
        return JSON.arrayNode().add(asRow(signature, byInput));
    }

    private static JsonNode asRow(Signature signature, ObjectNode byInput) {
        if (signature.inputs().size() != 1) {
            return byInput;
        }
        TensorSpec input = signature.inputs().getFirst();
        JsonNode values = byInput.get(input.name());
        boolean named = values.size() == input.features().size() && values.size() <= MOST_NAMED;
        if (!named || !values.isArray()) {
            return values.isArray() ? values : JSON.arrayNode().add(values);
        }
        ObjectNode row = JSON.objectNode();
        for (int i = 0; i < values.size(); i++) {
            row.set(input.features().get(i).name(), values.get(i));
        }
        return row;
    }

    private static JsonNode nested(InputDecoder decoder, int input, Shape shape, long from, Filling filling) {
        if (shape.rank() == 0) {
            int place = Math.toIntExact(from);
            return decoder.vocabulary(input, place).<JsonNode>map(words -> TextNode.valueOf(words.words().getFirst()))
                    .orElseGet(() -> value(decoder.signature().inputs().get(input), place, filling));
        }
        ArrayNode array = JSON.arrayNode();
        for (long i = 0; i < shape.dim(0); i++) {
            array.add(nested(decoder, input, shape.row(), from + i * shape.row().elements(), filling));
        }
        return array;
    }

    private static JsonNode value(TensorSpec input, int place, Filling filling) {
        double known = place < input.features().size() ? middle(input.features().get(place)) : Double.NaN;
        boolean varied = filling == Filling.VARIED;
        return switch (input.dtype()) {
            case FLOAT32, FLOAT64 -> {
                double part = varied ? Math.round((place + 1) * GOLDEN % 1 * 100) / 100.0 : 0;
                yield DoubleNode.valueOf(Double.isNaN(known) ? part : known);
            }
            case INT8, INT16, INT32, INT64, UINT8 ->
                LongNode.valueOf(Double.isNaN(known) ? varied ? place % 3 : 0 : Math.round(known));
            case BOOL -> BooleanNode.valueOf(varied && place % 2 == 0);
            case STRING -> TextNode.valueOf(varied ? "text" : "");
        };
    }

    /** NaN where no bound is known. */
    private static double middle(Feature feature) {
        Double low = feature.minimum();
        Double high = feature.maximum();
        if (low == null) {
            return high == null ? Double.NaN : high;
        }
        return high == null ? low : low + (high - low) / 2;
    }
}
