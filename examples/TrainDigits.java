import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.Softmax;
import org.tensorflow.op.random.TruncatedNormal;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Trains a small neural network to read handwritten digits and saves it as a SavedModel, which Modelyard serves.
 *
 * <pre>
 * java -cp target/modelyard.jar examples/TrainDigits.java examples/data/digits.csv /tmp/digits
 * </pre>
 *
 * The model takes {@code pixels}, float32 [-1, 64] with values from 0 to 16, and gives {@code probabilities}, float32
 * [-1, 10]. The same data and the same number of epochs give the same model.
 */
public final class TrainDigits {
    private static final int PIXELS = 64;
    private static final int HIDDEN = 32;
    private static final int DIGITS = 10;
    /** The greatest value of a pixel. */
    private static final float WHITE = 16;

    private static final int BATCH = 32;
    private static final float LEARNING_RATE = 0.1f;
    private static final long SEED = 42;

    /** Pictures and what they show: the pixels of all pictures one after the other, and one digit for each picture. */
    record Pictures(float[] pixels, int[] digits) {
        int count() {
            return digits.length;
        }

        /** The pictures of these numbers. */
        Pictures pick(List<Integer> numbers) {
            float[] somePixels = new float[numbers.size() * PIXELS];
            int[] someDigits = new int[numbers.size()];
            for (int i = 0; i < someDigits.length; i++) {
                System.arraycopy(pixels, numbers.get(i) * PIXELS, somePixels, i * PIXELS, PIXELS);
                someDigits[i] = digits[numbers.get(i)];
            }
            return new Pictures(somePixels, someDigits);
        }

        TFloat32 pixelTensor() {
            return TFloat32.tensorOf(Shape.of(count(), PIXELS), DataBuffers.of(pixels, true, false));
        }

        TInt32 digitTensor() {
            return TInt32.vectorOf(digits);
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: java -cp target/modelyard.jar examples/TrainDigits.java "
                    + "<data.csv> <output folder> [<epochs>]");
            System.exit(2);
        }
        Pictures all = read(Path.of(arguments[0]));
        String folder = arguments[1];
        int epochs = arguments.length == 3 ? Integer.parseInt(arguments[2]) : 60;

        // Every fifth picture is kept from the training, to see how well the model reads what it has never seen.
        List<Integer> training = new ArrayList<>();
        List<Integer> heldOut = new ArrayList<>();
        for (int number = 0; number < all.count(); number++) {
            (number % 5 == 0 ? heldOut : training).add(number);
        }

        try (Graph graph = new Graph()) {
            // The network: 64 pixels → 32 rectified units → 10 probabilities.
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> pixels = tf.withName("pixels").placeholder(TFloat32.class,
                    Placeholder.shape(Shape.of(-1, PIXELS)));
            Variable<TFloat32> hiddenWeights = tf.withName("hidden_weights").variable(noise(tf, PIXELS, HIDDEN));
            Variable<TFloat32> hiddenBias = tf.withName("hidden_bias")
                    .variable(tf.zeros(tf.array(HIDDEN), TFloat32.class));
            Variable<TFloat32> outputWeights = tf.withName("output_weights").variable(noise(tf, HIDDEN, DIGITS));
            Variable<TFloat32> outputBias = tf.withName("output_bias")
                    .variable(tf.zeros(tf.array(DIGITS), TFloat32.class));
            Operand<TFloat32> scaled = tf.math.div(pixels, tf.constant(WHITE));
            Operand<TFloat32> hidden = tf.nn.relu(tf.math.add(tf.linalg.matMul(scaled, hiddenWeights), hiddenBias));
            Operand<TFloat32> scores = tf.math.add(tf.linalg.matMul(hidden, outputWeights), outputBias);
            Softmax<TFloat32> probabilities = tf.withName("probabilities").nn.softmax(scores);

            // What training makes small: how surprised the network is by the right digits.
            Placeholder<TInt32> digits = tf.withName("digits").placeholder(TInt32.class,
                    Placeholder.shape(Shape.of(-1)));
            Operand<TFloat32> right = tf.oneHot(digits, tf.constant(DIGITS), tf.constant(1f), tf.constant(0f));
            Operand<TFloat32> loss = tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(scores, right).loss(),
                    tf.constant(0));
            List<Variable<TFloat32>> variables = List.of(hiddenWeights, hiddenBias, outputWeights, outputBias);
            Gradients gradients = tf.gradients(loss, variables);

            try (Session session = new Session(graph)) {
                session.initialize();
                // No weight moves before all gradients are known: else a step would depend on which thread was first.
                Ops afterGradients = tf
                        .withControlDependencyOps(gradients.dy().stream().<Operation>map(Output::op).toList());
                List<Operand<TFloat32>> steps = new ArrayList<>();
                for (int i = 0; i < variables.size(); i++) {
                    steps.add(afterGradients.train.applyGradientDescent(variables.get(i), tf.constant(LEARNING_RATE),
                            gradients.<TFloat32>dy(i)));
                }
                Random random = new Random(SEED);
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    Collections.shuffle(training, random);
                    for (int start = 0; start < training.size(); start += BATCH) {
                        step(session, pixels, digits, steps,
                                all.pick(training.subList(start, Math.min(start + BATCH, training.size()))));
                    }
                    if (epoch % 10 == 0 || epoch == epochs) {
                        System.out.printf("epoch %d: %.4f of the held-out digits are read right%n", epoch,
                                accuracy(session, pixels, probabilities, all.pick(heldOut)));
                    }
                }

                // The signature says which tensors of the graph are the model's input and output, and their names.
                SavedModelBundle.exporter(folder).withSession(session)
                        .withSignature(Signature.builder("serving_default")
                                .input("pixels", pixels).output("probabilities", probabilities).build())
                        .export();
                System.out.printf("held-out accuracy: %.4f (%d of %d pictures); saved in %s%n",
                        accuracy(session, pixels, probabilities, all.pick(heldOut)), heldOut.size(), all.count(),
                        folder);
            }
        }
    }

    /** Small numbers by chance, the same at each run, so that the units start out different. */
    private static Operand<TFloat32> noise(Ops tf, int rows, int columns) {
        Operand<TFloat32> noise = tf.random.truncatedNormal(tf.array(rows, columns), TFloat32.class,
                TruncatedNormal.seed(SEED), TruncatedNormal.seed2((long) rows));
        return tf.math.mul(noise, tf.constant((float) Math.sqrt(2.0 / rows)));
    }

    private static void step(Session session, Operand<?> pixels, Operand<?> digits, List<Operand<TFloat32>> steps,
            Pictures batch) {
        try (TFloat32 pixelTensor = batch.pixelTensor(); TInt32 digitTensor = batch.digitTensor()) {
            Session.Runner runner = session.runner().feed(pixels, pixelTensor).feed(digits, digitTensor);
            steps.forEach(runner::addTarget);
            runner.run().close();
        }
    }

    private static double accuracy(Session session, Operand<?> pixels, Operand<TFloat32> probabilities,
            Pictures pictures) {
        try (TFloat32 pixelTensor = pictures.pixelTensor();
                Result result = session.runner().feed(pixels, pixelTensor).fetch(probabilities).run()) {
            TFloat32 rows = (TFloat32) result.get(0);
            int right = 0;
            for (int row = 0; row < pictures.count(); row++) {
                int best = 0;
                for (int digit = 1; digit < DIGITS; digit++) {
                    if (rows.getFloat(row, digit) > rows.getFloat(row, best)) {
                        best = digit;
                    }
                }
                right += best == pictures.digits()[row] ? 1 : 0;
            }
            return (double) right / pictures.count();
        }
    }

    /** Reads a file with a header, 64 columns of pixels and a last column with the digit. */
    private static Pictures read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        lines = lines.subList(1, lines.size());
        float[] pixels = new float[lines.size() * PIXELS];
        int[] digits = new int[lines.size()];
        for (int row = 0; row < digits.length; row++) {
            double[] values = Arrays.stream(lines.get(row).split(",")).mapToDouble(Double::parseDouble).toArray();
            if (values.length != PIXELS + 1) {
                throw new IOException(file + ", line " + (row + 2) + ": " + values.length + " columns, not "
                        + (PIXELS + 1));
            }
            for (int pixel = 0; pixel < PIXELS; pixel++) {
                pixels[row * PIXELS + pixel] = (float) values[pixel];
            }
            digits[row] = (int) values[PIXELS];
        }
        return new Pictures(pixels, digits);
    }
}
