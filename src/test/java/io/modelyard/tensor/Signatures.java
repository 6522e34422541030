package io.modelyard.tensor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Signatures, tensors and requests in few letters. */
final class Signatures {
    private Signatures() {}

    /**
     * Inputs behind semicolons, each a name, a dtype, a shape and the names of features, and {@code missing} at the end
     * where the model knows missing values: {@code x float32 [-1,2] a b; y int64 [-1]; missing}.
     */
    static Signature of(String text) {
        List<TensorSpec> inputs = new ArrayList<>();
        boolean missing = false;
        for (String input : split(text, ";")) {
            if (input.equals("missing")) {
                missing = true;
                continue;
            }
            List<String> words = split(input, " ");
            long[] shape = Stream.of(words.get(2).substring(1, words.get(2).length() - 1)).filter(s -> !s.isEmpty())
                    .flatMap(dims -> split(dims, ",").stream()).mapToLong(Long::parseLong).toArray();
            inputs.add(TensorSpec
                    .of(words.get(0), DataType.ofJsonName(words.get(1)).orElseThrow(), Shape.of(shape))
                    .withFeatures(words.subList(3, words.size()).stream().map(Feature::named).toList()));
        }
        return new Signature(inputs, List.of(), missing);
    }

    private static List<String> split(String text, String separator) {
        return Arrays.stream(text.strip().split("\\s*\\Q" + separator + "\\E\\s*", -1)).toList();
    }

    static InputRows decode(String signature, String text) {
        return decode(of(signature), text, 1000);
    }

    static InputRows decode(Signature signature, String text, int maxRows) {
        JsonReader reader = new JsonReader(text.getBytes(StandardCharsets.UTF_8));
        InputRows rows = new InputDecoder(signature).decode(reader, "/inputs", maxRows);
        reader.end();
        return rows;
    }

    /** Shape and values of each tensor: {@code [2, 2] 1.0 2.0 3.0 4.0}. */
    static String show(InputRows rows) {
        return rows.tensors().stream().map(Signatures::show).collect(Collectors.joining("; "));
    }

    static String show(Tensor tensor) {
        return tensor.shape() + values(tensor).map(value -> " " + value).collect(Collectors.joining());
    }

    static Stream<Object> values(Tensor tensor) {
        return IntStream.range(0, tensor.length()).mapToObj(i -> value(tensor, i));
    }

    private static Object value(Tensor tensor, int i) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values()[i];
            case Tensor.Doubles doubles -> doubles.values()[i];
            case Tensor.Bytes bytes when bytes.dataType() == DataType.UINT8 -> Byte.toUnsignedInt(bytes.values()[i]);
            case Tensor.Bytes bytes -> bytes.values()[i];
            case Tensor.Shorts shorts -> shorts.values()[i];
            case Tensor.Ints ints -> ints.values()[i];
            case Tensor.Longs longs -> longs.values()[i];
            case Tensor.Booleans booleans -> booleans.values()[i];
            case Tensor.Strings strings -> strings.values()[i];
        };
    }

    /** The values from {@code values} as JSON nested by {@code shape}. */
    static String nested(Shape shape, Iterator<String> values) {
        if (shape.rank() == 0) {
            return Objects.requireNonNull(values.next());
        }
        return IntStream.range(0, (int) shape.dim(0)).mapToObj(_ -> nested(shape.row(), values))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
