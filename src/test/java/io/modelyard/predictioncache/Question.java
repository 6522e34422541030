package io.modelyard.predictioncache;

import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Predictor.Answered;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A question to a model, and its likes: questions that an inattentive cache would take for the same. Its true answer says all
 * that it depends on, so an answer to another question is seen to be one.
 *
 * @param evaluator which of several that compute
 */
record Question(String digest, int evaluator, List<String> outputs, InputRows rows) {
    private static final float[] ODD_FLOATS = {0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0x7fc00001),
            Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(0xffc00000), Float.MIN_VALUE,
            Float.POSITIVE_INFINITY};
    private static final String[] ODD_TEXTS = {"", "a", "ab", "b", "1", "1.0", "\u0000", "é", "e\u0301", "\ud800",
            "\udc00", "?", "\ud83d\ude00", "ba", "aa"};
    private static final List<String> OUTPUTS = List.of("a", "b", "ab", "c", "bc", "");

    static Question random(RandomGenerator random) {
        int count = 1 + random.nextInt(3);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(tensor(random));
        }
        return new Question("digest" + random.nextInt(4), random.nextInt(2), someOutputs(random),
                new InputRows(tensors, 1 + random.nextInt(3)));
    }

    private static List<String> someOutputs(RandomGenerator random) {
        List<String> outputs = new ArrayList<>(OUTPUTS);
        Collections.shuffle(outputs, java.util.Random.from(random));
        return List.copyOf(outputs.subList(0, 1 + random.nextInt(3)));
    }

    private static Tensor tensor(RandomGenerator random) {
        DataType[] types = DataType.values();
        long[] dims = new long[random.nextInt(4)];
        Arrays.setAll(dims, axis -> random.nextInt(4));
        Shape shape = Shape.of(dims);
        DataType type = types[random.nextInt(types.length)];
        Object array = Tensor.newArray(type, Math.toIntExact(shape.elements()));
        Tensor tensor = Tensor.of(type, shape, array);
        for (int i = 0; i < tensor.length(); i++) {
            set(tensor, i, random);
        }
        return tensor;
    }

    private static void set(Tensor tensor, int i, RandomGenerator random) {
        int small = random.nextInt(3) - 1;
        switch (tensor) {
            case Tensor.Floats floats ->
                floats.values()[i] = random.nextBoolean() ? ODD_FLOATS[random.nextInt(ODD_FLOATS.length)] : small;
            case Tensor.Doubles doubles ->
                doubles.values()[i] = random.nextBoolean() ? ODD_FLOATS[random.nextInt(ODD_FLOATS.length)] : small;
            case Tensor.Bytes bytes -> bytes.values()[i] = (byte) small;
            case Tensor.Shorts shorts -> shorts.values()[i] = (short) small;
            case Tensor.Ints ints ->
                ints.values()[i] = random.nextBoolean() ? small : Float.floatToRawIntBits(small);
            case Tensor.Longs longs -> longs.values()[i] = small;
            case Tensor.Booleans booleans -> booleans.values()[i] = random.nextBoolean();
            case Tensor.Strings strings -> strings.values()[i] = ODD_TEXTS[random.nextInt(ODD_TEXTS.length)];
        }
    }

    /** The same, or another one that looks much like it. */
    Question like(RandomGenerator random) {
        int which = random.nextInt(rows.tensors().size());
        Tensor tensor = rows.tensors().get(which);
        return switch (random.nextInt(12)) {
            case 0 -> new Question(digest, evaluator, outputs, copy());
            case 1 -> new Question("digest" + random.nextInt(4), evaluator, outputs, rows);
            case 2 -> new Question(digest, 1 - evaluator, outputs, rows);
            case 3 -> new Question(digest, evaluator, someOutputs(random), rows);
            case 4 -> new Question(digest, evaluator, outputs.reversed(), rows);
            case 5 -> new Question(digest, evaluator, outputs, new InputRows(rows.tensors(), rows.rows() + 1));
            case 6 -> new Question(digest, evaluator, outputs,
                    new InputRows(rows.tensors().reversed(), rows.rows()));
            case 7 -> with(which, Tensor.of(tensor.dataType(), otherShape(tensor.length(), random), tensor.array()));
            case 8 -> with(which, otherType(tensor));
            case 9, 10 -> with(which, oneOther(tensor, random));
            default -> cutElsewhere(tensor, which);
        };
    }

    private Question with(int which, Tensor other) {
        List<Tensor> tensors = new ArrayList<>(rows.tensors());
        tensors.set(which, other);
        return new Question(digest, evaluator, outputs, new InputRows(tensors, rows.rows()));
    }

    private InputRows copy() {
        return new InputRows(rows.tensors().stream().map(Question::copy).toList(), rows.rows());
    }

    private static Tensor copy(Tensor tensor) {
        Object array = Tensor.newArray(tensor.dataType(), tensor.length());
        System.arraycopy(tensor.array(), 0, array, 0, tensor.length());
        return Tensor.of(tensor.dataType(), tensor.shape(), array);
    }

    private static Shape otherShape(int length, RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> Shape.of(length);
            case 1 -> Shape.of(1, length);
            case 2 -> Shape.of(length, 1);
            case 3 -> length % 2 == 0 ? Shape.of(2, length / 2) : Shape.of(length, 1, 1);
            default -> length % 3 == 0 ? Shape.of(3, length / 3) : Shape.of(1, 1, length);
        };
    }

    /** The same bytes of another dtype. */
    private static Tensor otherType(Tensor tensor) {
        Shape shape = tensor.shape();
        return switch (copy(tensor)) {
            case Tensor.Floats floats -> {
                int[] values = new int[floats.length()];
                Arrays.setAll(values, i -> Float.floatToRawIntBits(floats.values()[i]));
                yield new Tensor.Ints(shape, values);
            }
            case Tensor.Ints ints -> {
                float[] values = new float[ints.length()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat(ints.values()[i]);
                }
                yield new Tensor.Floats(shape, values);
            }
            case Tensor.Doubles doubles -> {
                long[] values = new long[doubles.length()];
                Arrays.setAll(values, i -> Double.doubleToRawLongBits(doubles.values()[i]));
                yield new Tensor.Longs(shape, values);
            }
            case Tensor.Longs longs -> {
                double[] values = new double[longs.length()];
                Arrays.setAll(values, i -> Double.longBitsToDouble(longs.values()[i]));
                yield new Tensor.Doubles(shape, values);
            }
            case Tensor.Bytes bytes -> new Tensor.Bytes(shape, bytes.values(),
                    bytes.dataType() == DataType.INT8 ? DataType.UINT8 : DataType.INT8);
            case Tensor.Booleans booleans -> {
                byte[] values = new byte[booleans.length()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (byte) (booleans.values()[i] ? 1 : 0);
                }
                yield new Tensor.Bytes(shape, values, DataType.INT8);
            }
            case Tensor.Shorts shorts -> {
                int[] values = new int[shorts.length()];
                Arrays.setAll(values, i -> shorts.values()[i]);
                yield new Tensor.Ints(shape, values);
            }
            case Tensor.Strings strings -> strings;
        };
    }

    private static Tensor oneOther(Tensor tensor, RandomGenerator random) {
        Tensor other = copy(tensor);
        if (other.length() > 0) {
            int at = random.nextInt(other.length());
            switch (other) {
                case Tensor.Floats floats -> floats.values()[at] = Float.intBitsToFloat(
                        Float.floatToRawIntBits(floats.values()[at]) ^ 1 << random.nextInt(Integer.SIZE));
                case Tensor.Doubles doubles -> doubles.values()[at] = Double.longBitsToDouble(
                        Double.doubleToRawLongBits(doubles.values()[at]) ^ 1L << random.nextInt(Long.SIZE));
                default -> set(other, at, random);
            }
        }
        return other;
    }

    /** The same values, in the same order, in tensors that end elsewhere. */
    private Question cutElsewhere(Tensor tensor, int which) {
        int length = tensor.length();
        if (length < 2) {
            return this;
        }
        Object first = Tensor.newArray(tensor.dataType(), length - 1);
        Object second = Tensor.newArray(tensor.dataType(), 1);
        System.arraycopy(tensor.array(), 0, first, 0, length - 1);
        System.arraycopy(tensor.array(), length - 1, second, 0, 1);
        List<Tensor> tensors = new ArrayList<>(rows.tensors());
        tensors.set(which, Tensor.of(tensor.dataType(), Shape.of(length - 1), first));
        tensors.add(which + 1, Tensor.of(tensor.dataType(), Shape.of(1), second));
        return new Question(digest, evaluator, outputs, new InputRows(tensors, rows.rows()));
    }

    /** What a model answers: all that it was asked, and what it is. */
    Answered answer() {
        List<Tensor> said = new ArrayList<>();
        for (String output : outputs) {
            said.add(new Tensor.Strings(Shape.of(1), new String[]{output + " of " + told()}));
        }
        return new Answered(said, AnswerSource.BYPASS, 0);
    }

    /** Every fact, with every bit; two are equal only if the questions are the same. */
    String told() {
        StringBuilder told = new StringBuilder(digest).append('/').append(evaluator).append(outputs.size());
        outputs.forEach(output -> told.append('<').append(output).append('>'));
        told.append(rows.rows());
        for (Tensor tensor : rows.tensors()) {
            told.append('\n').append(tensor.dataType()).append(Arrays.toString(tensor.shape().toArray()));
            told.append(values(tensor));
        }
        return told.toString();
    }

    private static String values(Tensor tensor) {
        StringBuilder told = new StringBuilder();
        for (int i = 0; i < tensor.length(); i++) {
            switch (tensor) {
                case Tensor.Floats floats -> told.append(Float.floatToRawIntBits(floats.values()[i]));
                case Tensor.Doubles doubles -> told.append(Double.doubleToRawLongBits(doubles.values()[i]));
                case Tensor.Bytes bytes -> told.append(bytes.values()[i]);
                case Tensor.Shorts shorts -> told.append(shorts.values()[i]);
                case Tensor.Ints ints -> told.append(ints.values()[i]);
                case Tensor.Longs longs -> told.append(longs.values()[i]);
                case Tensor.Booleans booleans -> told.append(booleans.values()[i]);
                case Tensor.Strings strings -> {
                    told.append(strings.values()[i].length()).append(':');
                    strings.values()[i].chars().forEach(unit -> told.append(unit).append('.'));
                }
            }
            told.append(',');
        }
        return told.toString();
    }
}
