package io.modelyard.transform;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is done to floating-point inputs before the model sees them: {@code (x / scale − mean) / std}. Mean and std have one
 * value, or one for each place of the last axis. Immutable.
 */
public final class Preprocessing {
    public static final Preprocessing NONE = new Preprocessing(1, new double[]{0}, new double[]{1});

    private static final Set<String> KNOWN = Set.of("normalize", "scale", "mean", "std");

    private final double scale;
    private final double[] mean;
    private final double[] std;

    private Preprocessing(double scale, double[] mean, double[] std) {
        this.scale = scale;
        this.mean = mean;
        this.std = std;
    }

    /**
     * @param json an object with {@code normalize} (false turns all off), {@code scale}, {@code mean}, {@code std}
     * @param pointer JSON pointer to it, for errors
     * @throws InvalidInputException if it is anything else
     */
    public static Preprocessing parse(@Nullable JsonNode json, String pointer) {
        if (json == null || json.isNull()) {
            return NONE;
        }
        if (!json.isObject()) {
            throw new InvalidInputException(pointer, "expected an object");
        }
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!KNOWN.contains(member.getKey())) {
                throw new InvalidInputException(pointer + "/" + member.getKey(),
                        "there is no such pre-processing step; there are normalize, scale, mean and std");
            }
        }
        JsonNode normalize = json.path("normalize");
        if (!normalize.isMissingNode() && !normalize.isBoolean()) {
            throw new InvalidInputException(pointer + "/normalize", "expected true or false");
        }
        double[] scale = numbers(json, "scale", pointer, 1);
        double[] mean = numbers(json, "mean", pointer, 0);
        double[] std = numbers(json, "std", pointer, 1);
        if (scale.length != 1 || scale[0] == 0) {
            throw new InvalidInputException(pointer + "/scale", "expected one number other than 0");
        }
        for (double value : std) {
            if (value == 0) {
                throw new InvalidInputException(pointer + "/std", "a standard deviation of 0 cannot be divided by");
            }
        }
        return normalize.isBoolean() && !normalize.asBoolean() ? NONE : new Preprocessing(scale[0], mean, std);
    }

    /**
     * The rows with every float32 and float64 tensor transformed.
     *
     * @throws InvalidInputException if mean or std have neither one value nor one for each place of the last axis
     */
    public InputRows apply(InputRows rows) {
        if (isIdentity()) {
            return rows;
        }
        List<Tensor> tensors = new ArrayList<>(rows.tensors().size());
        for (Tensor tensor : rows.tensors()) {
            tensors.add(switch (tensor) {
                case Tensor.Floats floats -> apply(floats);
                case Tensor.Doubles doubles -> apply(doubles);
                default -> tensor;
            });
        }
        return new InputRows(List.copyOf(tensors), rows.rows());
    }

    public boolean isIdentity() {
        return this == NONE;
    }

    private Tensor apply(Tensor.Floats tensor) {
        int axis = lastAxis(tensor.shape());
        float[] from = tensor.values();
        float[] to = new float[from.length];
        for (int i = 0; i < from.length; i++) {
            int place = i % axis;
            to[i] = (from[i] / (float) scale - (float) at(mean, place)) / (float) at(std, place);
        }
        return new Tensor.Floats(tensor.shape(), to);
    }

    private Tensor apply(Tensor.Doubles tensor) {
        int axis = lastAxis(tensor.shape());
        double[] from = tensor.values();
        double[] to = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            int place = i % axis;
            to[i] = (from[i] / scale - at(mean, place)) / at(std, place);
        }
        return new Tensor.Doubles(tensor.shape(), to);
    }

    /** The length of the last axis behind the one of rows. */
    private int lastAxis(Shape shape) {
        int length = shape.rank() > 1 ? (int) shape.dim(shape.rank() - 1) : 1;
        demand("mean", mean.length, length);
        demand("std", std.length, length);
        return Math.max(length, 1);
    }

    private static void demand(String name, int values, int axis) {
        if (values != 1 && values != axis) {
            throw new InvalidInputException("/preprocessing/" + name, "expected one value, or " + axis
                    + " for the places of the last axis; found " + values);
        }
    }

    private static double at(double[] values, int place) {
        return values.length == 1 ? values[0] : values[place];
    }

    private static double[] numbers(JsonNode json, String name, String pointer, double otherwise) {
        JsonNode node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return new double[]{otherwise};
        }
        if (node.isNumber()) {
            return new double[]{node.asDouble()};
        }
        if (!node.isArray() || node.isEmpty()) {
            throw new InvalidInputException(pointer + "/" + name, "expected a number or an array of numbers");
        }
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            if (!node.get(i).isNumber()) {
                throw new InvalidInputException(pointer + "/" + name + "/" + i, "expected a number");
            }
            values[i] = node.get(i).asDouble();
        }
        return values;
    }
}
