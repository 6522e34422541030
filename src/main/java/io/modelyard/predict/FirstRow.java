package io.modelyard.predict;

import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds one value in the inputs of a request before they are decoded, without reading more than the first row. */
final class FirstRow {
    private final JsonReader reader;
    private final byte[] text;
    private final String name;
    private final int column;

    private FirstRow(PredictionRequest request, String name, int column) {
        this.reader = new JsonReader(request.body(), request.inputsFrom(), request.inputsTo());
        this.text = request.body();
        this.name = name;
        this.column = column;
    }

    /**
     * The value as text: equal numbers and equal strings are equal texts, and a number never equals a string.
     *
     * @param name of a feature or an input
     * @param column where it stands in a row that is an array; below 0 where that is not known
     * @return empty where the first row does not have it, or is not JSON
     */
    static Optional<String> value(PredictionRequest request, String name, int column) {
        try {
            return new FirstRow(request, name, column).find();
        } catch (JsonSyntaxException e) {
            // Decoding says where and why.
            return Optional.empty();
        }
    }

    private Optional<String> find() {
        return switch (reader.peek()) {
            case '{' -> member();
            case '[' -> reader.openArray() ? row() : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The array has been opened: it is one row, or has rows in it. */
    private Optional<String> row() {
        if (reader.peek() == '{') {
            return member();
        }
        boolean more = reader.peek() != '[' || reader.openArray();
        for (int i = 0; more && i < column; i++) {
            reader.skip();
            more = reader.nextInArray();
        }
        return more && column >= 0 ? scalar() : Optional.empty();
    }

    /** Of a row by names, or of the inputs by names; there it may be a column of rows. */
    private Optional<String> member() {
        for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
            if (reader.name().equals(name)) {
                return scalar();
            }
            reader.skip();
        }
        return Optional.empty();
    }

    /** The value, or the first in it. */
    private Optional<String> scalar() {
        while (reader.peek() == '[') {
            if (!reader.openArray()) {
                return Optional.empty();
            }
        }
        return switch (reader.peek()) {
            case '"' -> Optional.of("\"" + reader.string());
            case 'n', '{' -> Optional.empty();
            case 't', 'f' -> Optional.of(String.valueOf(reader.bool()));
            default -> Optional.of(number());
        };
    }

    /** 1, 1.0 and 1e0 are one number; an integer too large for a double is itself. */
    private String number() {
        int from = reader.position();
        boolean integral = reader.isIntegral();
        double value = reader.number();
        return integral && Math.abs(value) >= 0x1p53
                ? new String(text, from, reader.position() - from, StandardCharsets.US_ASCII).strip()
                : Double.toString(value == 0 ? 0 : value);
    }
}
