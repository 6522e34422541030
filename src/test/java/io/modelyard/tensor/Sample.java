package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Random rows of a random signature: the tensors that they are, and the JSON of each value.
 *
 * @param texts for each input the JSON of its values, in the order of the tensor
 */
record Sample(Signature signature, int rows, List<Tensor> tensors, List<List<String>> texts) {
    private static final List<DataType> TYPES = List.of(DataType.values());

    static Sample of(Random random) {
        int inputs = 1 + random.nextInt(3);
        boolean named = random.nextBoolean();
        boolean flat = random.nextBoolean();
        List<TensorSpec> specs = new ArrayList<>();
        List<Shape> rowShapes = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            int rank = random.nextInt(flat ? 2 : 4);
            long[] dims = random.longs(rank, 1, 4).toArray();
            long[] told = LongStream.of(dims).map(dim -> random.nextInt(5) == 0 ? Shape.ANY : dim).toArray();
            TensorSpec spec = TensorSpec.of("input" + i, TYPES.get(random.nextInt(TYPES.size())),
                    Shape.of(told).times(Shape.ANY));
            rowShapes.add(Shape.of(dims));
            int input = i;
            if (named && rank < 2) {
                spec = spec.withFeatures(IntStream.range(0, rank == 0 ? 1 : (int) dims[0])
                        .mapToObj(column -> Feature.named("column%d/%d \"é~".formatted(input, column))).toList());
            }
            specs.add(spec);
        }
        Signature signature = new Signature(specs, List.of(), random.nextBoolean());
        int rows = 1 + random.nextInt(4);
        List<Tensor> tensors = new ArrayList<>();
        List<List<String>> texts = new ArrayList<>();
        for (int input = 0; input < inputs; input++) {
            TensorSpec spec = specs.get(input);
            Shape shape = rowShapes.get(input).times(rows);
            Object array = Tensor.newArray(spec.dtype(), (int) shape.elements());
            List<String> values = new ArrayList<>();
            for (int i = 0; i < shape.elements(); i++) {
                values.add(value(array, i, spec.dtype(), signature.missingAllowed(), random));
            }
            tensors.add(Tensor.of(spec.dtype(), shape, array));
            texts.add(values);
        }
        return new Sample(signature, rows, tensors, texts);
    }

    /** Puts a random value into an array, and returns its JSON. */
    private static String value(Object array, int at, DataType dtype, boolean missing, Random random) {
        if (dtype.isFloating() && missing && random.nextInt(4) == 0) {
            if (array instanceof float[] floats) {
                floats[at] = Float.NaN;
            } else {
                ((double[]) array)[at] = Double.NaN;
            }
            return "null";
        }
        return switch (dtype) {
            case FLOAT32 -> {
                float value = Float.intBitsToFloat(random.nextInt());
                ((float[]) array)[at] = Float.isFinite(value) ? value : random.nextFloat();
                yield random.nextBoolean()
                        ? Float.toString(((float[]) array)[at])
                        : Double.toString(((float[]) array)[at]);
            }
            case FLOAT64 -> {
                double value = Double.longBitsToDouble(random.nextLong());
                ((double[]) array)[at] = Double.isFinite(value) ? value : random.nextDouble();
                yield Double.toString(((double[]) array)[at]);
            }
            case INT8, UINT8 -> {
                ((byte[]) array)[at] = (byte) random.nextInt();
                byte value = ((byte[]) array)[at];
                yield Integer.toString(dtype == DataType.INT8 ? value : Byte.toUnsignedInt(value));
            }
            case INT16 -> {
                ((short[]) array)[at] = (short) random.nextInt();
                yield Short.toString(((short[]) array)[at]);
            }
            case INT32 -> {
                ((int[]) array)[at] = random.nextInt();
                yield Integer.toString(((int[]) array)[at]);
            }
            case INT64 -> {
                ((long[]) array)[at] = random.nextLong();
                yield Long.toString(((long[]) array)[at]);
            }
            case BOOL -> {
                ((boolean[]) array)[at] = random.nextBoolean();
                yield Boolean.toString(((boolean[]) array)[at]);
            }
            case STRING -> {
                String value = List.of("", "a", "[1,2]", "é😀", "null", "{\"").get(random.nextInt(6));
                ((String[]) array)[at] = value;
                yield quoted(value);
            }
        };
    }

    static String quoted(String value) {
        return '"' + value.replace("\"", "\\\"") + '"';
    }

    /** All forms that these rows can be written in. */
    List<String> forms(Random random) {
        List<String> forms = new ArrayList<>();
        forms.add(tensorsByName(random));
        forms.add(rows(row -> byInput(row, random)));
        if (isFlat()) {
            forms.add(rows(row -> columns(row).stream().collect(Collectors.joining(",", "[", "]"))));
        }
        if (signature.inputs().size() == 1) {
            forms.add(rows(row -> nested(0, row)));
        }
        if (hasColumnNames()) {
            forms.add(rows(row -> byColumn(row, random)));
            forms.add(rows(row -> random.nextBoolean() ? byColumn(row, random) : byInput(row, random)));
            forms.add(rows(row -> byColumnOrInput(row, random)));
        }
        return forms;
    }

    /** The first row alone, in the forms that it has there. */
    List<String> rowForms(Random random) {
        List<String> forms = new ArrayList<>();
        forms.add(byInput(0, random));
        if (hasColumnNames()) {
            forms.add(byColumn(0, random));
        }
        boolean only = signature.inputs().size() == 1;
        if (only && signature.inputs().getFirst().shape().rank() > 1) {
            forms.add(nested(0, 0));
        }
        if (isFlat() && !only) {
            forms.add(columns(0).stream().collect(Collectors.joining(",", "[", "]")));
        }
        return forms;
    }

    boolean isFlat() {
        return signature.inputs().stream().allMatch(input -> input.shape().rank() <= 2
                && input.shape().row().isKnown());
    }

    boolean hasColumnNames() {
        return isFlat() && signature.inputs().stream().noneMatch(input -> input.features().isEmpty());
    }

    String rows(IntFunction<String> row) {
        return IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining(" , ", "[", "]"));
    }

    String tensorsByName(Random random) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < signature.inputs().size(); i++) {
            members.add(quoted(signature.inputs().get(i).name()) + ":"
                    + Signatures.nested(tensors.get(i).shape(), texts.get(i).iterator()));
        }
        return object(members, random);
    }

    String byInput(int row, Random random) {
        return byName(row, random, false, true);
    }

    String byColumn(int row, Random random) {
        return byName(row, random, true, false);
    }

    /** Some inputs by column, others as a whole. */
    String byColumnOrInput(int row, Random random) {
        return byName(row, random, true, true);
    }

    private String byName(int row, Random random, boolean columns, boolean inputs) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < signature.inputs().size(); i++) {
            TensorSpec input = signature.inputs().get(i);
            if (!columns || (inputs && random.nextBoolean())) {
                members.add(quoted(input.name()) + ":" + nested(i, row));
                continue;
            }
            for (int column = 0; column < input.features().size(); column++) {
                members.add(quoted(input.features().get(column).name()) + ": " + valuesOf(i, row).get(column));
            }
        }
        return object(members, random);
    }

    String nested(int input, int row) {
        return Signatures.nested(tensors.get(input).shape().row(), valuesOf(input, row).iterator());
    }

    private List<String> columns(int row) {
        return IntStream.range(0, texts.size()).mapToObj(i -> valuesOf(i, row)).flatMap(List::stream).toList();
    }

    private List<String> valuesOf(int input, int row) {
        int length = (int) tensors.get(input).shape().row().elements();
        return texts.get(input).subList(row * length, (row + 1) * length);
    }

    private static String object(List<String> members, Random random) {
        Collections.shuffle(members, random);
        return members.stream().collect(Collectors.joining(",", "{", "}"));
    }
}
