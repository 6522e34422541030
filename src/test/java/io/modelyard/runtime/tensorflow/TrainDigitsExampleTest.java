package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs {@code examples/TrainDigits.java} as its readers do, but for the class path. */
final class TrainDigitsExampleTest {
    private static final Path DATA = Path.of("examples/data/digits.csv");
    private static final Pattern ACCURACY = Pattern.compile("held-out accuracy: (0\\.\\d+)");

    @TempDir
    Path folder;

    @Test
    void trainsAModelThatReadsDigitsAndIsServed() throws Exception {
        String said = train(folder.resolve("digits"), 6);
        Matcher accuracy = ACCURACY.matcher(said);
        assertThat(accuracy.find()).as(said).isTrue();
        assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(0.85);

        try (LoadedModel model = load("digits")) {
            assertThat(model.signature().inputs())
                    .containsExactly(TensorSpec.of("pixels", DataType.FLOAT32, Shape.of(-1, 64)));
            assertThat(model.signature().outputs())
                    .containsExactly(TensorSpec.of("probabilities", DataType.FLOAT32, Shape.of(-1, 10)));
            assertThat(model.warnings()).isEmpty();
            // What it said of itself is what is served.
            assertThat(heldOutAccuracy(model)).isEqualTo(Double.parseDouble(accuracy.group(1)),
                    org.assertj.core.api.Assertions.within(0.00005));
        }
        try (Stream<Path> files = Files.walk(folder.resolve("digits"))) {
            assertThat(files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum())
                    .isLessThan(40_000);
        }
    }

    @Test
    void trainsTheSameModelAgain() throws Exception {
        train(folder.resolve("one"), 1);
        train(folder.resolve("other"), 1);
        try (LoadedModel one = load("one"); LoadedModel other = load("other")) {
            Tensor ramp = ramp();
            assertThat(one.run(List.of(ramp), List.of("probabilities")).getFirst().array())
                    .isEqualTo(other.run(List.of(ramp), List.of("probabilities")).getFirst().array());
        }
    }

    private LoadedModel load(String name) throws Exception {
        return new TensorflowRuntime(new TensorflowConfiguration(List.of(), 1, 0), Runnable::run)
                .load(TestSavedModels.files(folder.resolve(name), Map.of()));
    }

    private static Tensor ramp() {
        float[] pixels = new float[64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 17;
        }
        return new Tensor.Floats(Shape.of(1, 64), pixels);
    }

    /** Over every fifth picture, which the example keeps from its training. */
    private static double heldOutAccuracy(LoadedModel model) throws IOException {
        List<String> rows = Files.readAllLines(DATA);
        int right = 0;
        int pictures = 0;
        for (int row = 1; row < rows.size(); row += 5) {
            String[] cells = rows.get(row).split(",", -1);
            float[] pixels = new float[64];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = Float.parseFloat(cells[i]);
            }
            float[] probabilities = (float[]) model
                    .run(List.of(new Tensor.Floats(Shape.of(1, 64), pixels)), List.of("probabilities")).getFirst()
                    .array();
            int best = 0;
            for (int digit = 1; digit < probabilities.length; digit++) {
                best = probabilities[digit] > probabilities[best] ? digit : best;
            }
            right += best == (int) Float.parseFloat(cells[64]) ? 1 : 0;
            pictures++;
        }
        return (double) right / pictures;
    }

    private String train(Path target, int epochs) throws Exception {
        Path output = folder.resolve("output.txt");
        // The class path of a test can be a jar that only names the others: the example gets the few that it needs.
        String classPath = String.join(File.pathSeparator, pathOf(org.tensorflow.Graph.class),
                pathOf(org.tensorflow.proto.SavedModel.class), pathOf(org.tensorflow.ndarray.Shape.class),
                pathOf(org.bytedeco.javacpp.Pointer.class), pathOf(com.google.protobuf.Message.class), nativeLibrary());
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, "examples/TrainDigits.java", DATA.toString(),
                target.toString(), Integer.toString(epochs)).redirectErrorStream(true).redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static String pathOf(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
    }

    /** The jar of this platform beside the one with the classes. */
    private static String nativeLibrary() throws IOException {
        Path classes = Path.of(pathOf(org.tensorflow.proto.SavedModel.class));
        try (Stream<Path> beside = Files.list(classes.getParent())) {
            return String.join(File.pathSeparator,
                    beside.map(Path::toString).filter(path -> path.endsWith(".jar")).toList());
        }
    }
}
