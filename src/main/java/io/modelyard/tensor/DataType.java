package io.modelyard.tensor;

import java.util.Locale;
import java.util.Optional;

/** The element types that a tensor can have. */
public enum DataType {
    FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, UINT8, BOOL, STRING;

    /** The name in manifests and in JSON answers, {@code float32} for example. */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DataType> ofJsonName(String name) {
        for (DataType type : values()) {
            if (type.jsonName().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64;
    }

    public boolean isInteger() {
        return switch (this) {
            case INT8, INT16, INT32, INT64, UINT8 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING -> false;
        };
    }

    /** The least value of an integer type. */
    public long minimum() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case UINT8 -> 0;
            case FLOAT32, FLOAT64, BOOL, STRING ->
                throw new IllegalStateException(jsonName() + " is not an integer type");
        };
    }

    /** The greatest value of an integer type. */
    public long maximum() {
        return switch (this) {
            case INT8 -> Byte.MAX_VALUE;
            case INT16 -> Short.MAX_VALUE;
            case INT32 -> Integer.MAX_VALUE;
            case INT64 -> Long.MAX_VALUE;
            case UINT8 -> 255;
            case FLOAT32, FLOAT64, BOOL, STRING ->
                throw new IllegalStateException(jsonName() + " is not an integer type");
        };
    }
}
