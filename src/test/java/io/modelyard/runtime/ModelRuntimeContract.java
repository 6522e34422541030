package io.modelyard.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What every {@link ModelRuntime} promises. The test of a runtime extends this, gives it one good model with right
 * answers that the runtime did not compute itself, and adds what is special to its format.
 */
public abstract class ModelRuntimeContract {
    private static final int ROWS = 7;

    @TempDir
    Path folder;

    /** The runtime under test, made anew or shared. */
    protected abstract ModelRuntime runtime();

    /** A model that loads, best one with several outputs. The files are only read. */
    protected abstract ModelFiles goodModel();

    /**
     * One tensor for each input of {@link #goodModel}, with so many rows: at least {@value #ROWS} can be asked for. Row i
     * is the same whatever {@code rows} is, and the rows differ.
     */
    protected abstract List<Tensor> sampleInputs(int rows);

    /** What the original library answers to {@link #sampleInputs}: the default outputs in the signature's order. */
    protected abstract List<Tensor> rightAnswers(int rows);

    /** By how much answers may differ from {@link #rightAnswers}; 0 asks for the same bits. */
    protected double tolerance() {
        return 0;
    }

    /** By how much a row's answer may depend on the rows around it; 0 asks for the same bits. */
    protected double toleranceBetweenBatches() {
        return 0;
    }

    /** The path of the file that the tests of damaged models damage. */
    protected String mainFile() {
        return goodModel().paths().getFirst();
    }

    /** Whether the engine can be asked for no rows at all. */
    protected boolean answersNoRows() {
        return true;
    }

    /**
     * How often a model is loaded and closed to see that its memory comes back: so often that {@link #goodModel} takes 50 MB
     * or more in half as many copies.
     */
    protected int roundsOfLoading() {
        return 400;
    }

    @Test
    final void saysItsNameAndTheVersionOfItsLibrary() {
        assertThat(runtime().name()).matches("[a-z0-9]+");
        assertThat(runtime().library()).matches("\\S+ \\d+\\.\\d+\\S*");
    }

    @Test
    final void recognisesItsOwnFiles() {
        assertThat(runtime().recognises(goodModel())).isTrue();
    }

    @TestFactory
    final Stream<DynamicTest> doesNotRecogniseWhatIsNotItsOwn() {
        return FOREIGN.entrySet().stream().filter(entry -> !entry.getKey().startsWith(runtime().name()))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    ModelFiles files = write(entry.getValue());
                    assertThat(runtime().recognises(files)).isFalse();
                }));
    }

    @Test
    final void answersAsTheOriginalLibrary() throws InvalidModelException {
        try (LoadedModel model = runtime().load(goodModel())) {
            for (int rows : new int[]{1, 2, ROWS}) {
                assertEqual(runDefault(model, rows), rightAnswers(rows), tolerance());
            }
        }
    }

    @Test
    final void answersARowTheSameAloneAndAmongOthers() throws InvalidModelException {
        try (LoadedModel model = runtime().load(goodModel())) {
            assumeTrue(model.signature().isBatched(), "the model takes one row a call");
            List<Tensor> inputs = sampleInputs(ROWS);
            List<String> outputs = names(model.signature().outputs());
            List<Tensor> together = model.run(inputs, outputs);
            for (int row = 0; row < ROWS; row++) {
                assertEqual(model.run(row(inputs, row), outputs), row(together, row), toleranceBetweenBatches());
            }
        }
    }

    @Test
    final void answersNoRowsWithNoRows() throws InvalidModelException {
        assumeTrue(answersNoRows(), "the engine cannot be asked for no rows");
        try (LoadedModel model = runtime().load(goodModel())) {
            assumeTrue(model.signature().isBatched(), "the model takes one row a call");
            List<Tensor> answers = model.run(sampleInputs(0), names(model.signature().outputs()));
            assertFits(model.signature().outputs(), answers);
            assertThat(answers).allSatisfy(answer -> assertThat(answer.shape().dim(0)).isZero());
        }
    }

    @Test
    final void answersManyThreadsAtOnceAsOne() throws Exception {
        int threads = 8;
        try (LoadedModel model = runtime().load(goodModel());
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<String> outputs = names(model.signature().outputs());
            List<List<Tensor>> right = new ArrayList<>();
            for (int rows = 1; rows <= ROWS; rows++) {
                right.add(model.run(sampleInputs(rows), outputs));
            }
            CountDownLatch start = new CountDownLatch(threads);
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                done.add(pool.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int call = 0; call < 60; call++) {
                        int rows = 1 + (first + call) % ROWS;
                        assertEqual(model.run(sampleInputs(rows), outputs), right.get(rows - 1), 0);
                    }
                    return null;
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }
    }

    @Test
    final void givesTheOutputsThatWereAskedForInThatOrder() throws InvalidModelException {
        try (LoadedModel model = runtime().load(goodModel())) {
            List<TensorSpec> specs = model.signature().outputs();
            List<Tensor> inputs = sampleInputs(2);
            List<Tensor> all = model.run(inputs, names(specs));
            assertFits(specs, all);
            assertEqual(model.run(inputs, names(specs.reversed())), all.reversed(), 0);
            for (int i = 0; i < specs.size(); i++) {
                assertEqual(model.run(inputs, List.of(specs.get(i).name())), List.of(all.get(i)), 0);
            }
        }
    }

    @Test
    final void computesByDefaultWhatIsNotOnRequest() throws InvalidModelException {
        try (LoadedModel model = runtime().load(goodModel())) {
            Signature signature = model.signature();
            assertThat(signature.defaultOutputs()).isNotEmpty();
            assertThat(names(signature.outputs())).doesNotHaveDuplicates();
            assertThat(rightAnswers(1)).hasSameSizeAs(signature.defaultOutputs());
        }
    }

    @Test
    final void itsSignatureAcceptsWhatItTakesAndGives() throws InvalidModelException {
        try (LoadedModel model = runtime().load(goodModel())) {
            Signature signature = model.signature();
            for (int rows : new int[]{1, ROWS}) {
                assertFits(signature.inputs(), sampleInputs(rows));
                assertFits(signature.outputs(), model.run(sampleInputs(rows), names(signature.outputs())));
            }
        }
    }

    @Test
    final void loadsTheSameFilesTwiceSideBySide() throws InvalidModelException {
        try (LoadedModel second = runtime().load(goodModel())) {
            try (LoadedModel first = runtime().load(goodModel())) {
                assertEqual(runDefault(first, 2), rightAnswers(2), tolerance());
            }
            assertEqual(runDefault(second, 2), rightAnswers(2), tolerance());
        }
    }

    @Test
    final void refusesToRunWhenClosed() throws InvalidModelException {
        LoadedModel model = runtime().load(goodModel());
        model.close();
        assertThatThrownBy(() -> runDefault(model, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    final void givesItsMemoryBackWhenClosed() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "only Linux says how much memory is resident");
        // What is resident goes up and down by tens of megabytes; only a leak lifts the lowest level.
        long earlier = lowestResidentMegabytes();
        long later = lowestResidentMegabytes();
        assertThat(later - earlier).as("MB that %s loads left behind", roundsOfLoading() / 2).isLessThan(24);
    }

    @TestFactory
    final Stream<DynamicTest> refusesDamagedFilesWithAReason() throws IOException {
        byte[] good = Files.readAllBytes(goodModel().resolve(mainFile()));
        Random random = new Random(42);
        byte[] noise = new byte[good.length];
        random.nextBytes(noise);
        byte[] noiseBehindTheStart = noise.clone();
        System.arraycopy(good, 0, noiseBehindTheStart, 0, Math.min(64, good.length));
        Map<String, byte[]> damaged = Map.of(
                "a file of no bytes", new byte[0],
                "a file of one byte", Arrays.copyOf(good, 1),
                "a quarter of the file", Arrays.copyOf(good, good.length / 4),
                "half of the file", Arrays.copyOf(good, good.length / 2),
                "all but the last byte", Arrays.copyOf(good, good.length - 1),
                "noise", noise,
                "noise behind a good start", noiseBehindTheStart,
                "zeros", new byte[good.length],
                "text", "this is no model\n".getBytes(UTF_8));
        return damaged.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            ModelFiles files = copyWith(mainFile(), entry.getValue());
            assertThat(catchThrowable(() -> runtime().recognises(files))).isNull();
            assertThatThrownBy(() -> runtime().load(files).close())
                    .isInstanceOfSatisfying(InvalidModelException.class,
                            failure -> assertThat(failure.reason())
                                    .contains(Path.of(mainFile()).getFileName().toString()));
        }));
    }

    @Test
    final void refusesFilesThatAreNotThere() {
        ModelFiles missing = new ModelFiles(folder, goodModel().paths(), goodModel().options());
        assertThat(catchThrowable(() -> runtime().recognises(missing))).isNull();
        assertThatThrownBy(() -> runtime().load(missing).close()).isInstanceOf(InvalidModelException.class);
    }

    @Test
    final void refusesNoFilesAtAll() {
        ModelFiles none = new ModelFiles(folder, List.of(), Map.of());
        assertThat(runtime().recognises(none)).isFalse();
        assertThatThrownBy(() -> runtime().load(none).close()).isInstanceOf(InvalidModelException.class);
    }

    /** The good model's files in a folder of the test's own, with one of them replaced or added. */
    protected final ModelFiles copyWith(String path, byte[] content) throws IOException {
        ModelFiles good = goodModel();
        Path copy = Files.createTempDirectory(folder, "copy");
        for (String each : good.paths()) {
            Path target = copy.resolve(each);
            Files.createDirectories(target.getParent());
            Files.copy(good.resolve(each), target);
        }
        Path target = copy.resolve(path);
        Files.deleteIfExists(target);
        Files.write(target, content);
        List<String> paths = good.paths().contains(path)
                ? good.paths()
                : Stream.concat(good.paths().stream(), Stream.of(path)).toList();
        return new ModelFiles(copy, paths, good.options());
    }

    /** Fails unless both lists hold tensors of the same types and shapes with values no further apart than that. */
    protected static void assertEqual(List<Tensor> actual, List<Tensor> expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            Tensor one = actual.get(i);
            Tensor other = expected.get(i);
            assertThat(one.dataType()).isEqualTo(other.dataType());
            assertThat(one.shape()).isEqualTo(other.shape());
            if (tolerance == 0 || !one.dataType().isFloating()) {
                assertThat(one.array()).isEqualTo(other.array());
            } else {
                assertThat(doubles(one)).usingComparatorWithPrecision(tolerance).containsExactly(doubles(other));
            }
        }
    }

    /** While half of the rounds of loading pass. */
    private long lowestResidentMegabytes() throws Exception {
        long lowest = Long.MAX_VALUE;
        for (int part = 0; part < 5; part++) {
            loadAndClose(Math.max(1, roundsOfLoading() / 10));
            lowest = Math.min(lowest, residentMegabytes());
        }
        return lowest;
    }

    private void loadAndClose(int rounds) throws InvalidModelException {
        for (int round = 0; round < rounds; round++) {
            try (LoadedModel model = runtime().load(goodModel())) {
                assertThat(runDefault(model, 1)).isNotEmpty();
            }
        }
    }

    /** After a collection, so that the heap has given back what garbage took. */
    private static long residentMegabytes() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() / 1024;
    }

    private List<Tensor> runDefault(LoadedModel model, int rows) {
        return model.run(sampleInputs(rows), names(model.signature().defaultOutputs()));
    }

    private static void assertFits(List<TensorSpec> specs, List<Tensor> tensors) {
        assertThat(tensors).hasSameSizeAs(specs);
        for (int i = 0; i < specs.size(); i++) {
            Tensor tensor = tensors.get(i);
            assertThat(tensor.dataType()).as(specs.get(i).name()).isEqualTo(specs.get(i).dtype());
            assertThat(specs.get(i)).as("accepts %s", tensor.shape())
                    .matches(spec -> spec.shape().accepts(tensor.shape()));
        }
    }

    private static List<String> names(List<TensorSpec> specs) {
        return specs.stream().map(TensorSpec::name).toList();
    }

    private static List<Tensor> row(List<Tensor> tensors, int row) {
        return tensors.stream().map(tensor -> {
            Shape shape = tensor.shape().row().times(1);
            int length = Math.toIntExact(shape.elements());
            Object array = Tensor.newArray(tensor.dataType(), length);
            System.arraycopy(tensor.array(), row * length, array, 0, length);
            return Tensor.of(tensor.dataType(), shape, array);
        }).toList();
    }

    private static double[] doubles(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Doubles wide -> wide.values();
            case Tensor.Floats narrow ->
                IntStream.range(0, narrow.length()).mapToDouble(i -> narrow.values()[i]).toArray();
            default -> throw new IllegalArgumentException(tensor.dataType().jsonName() + " is not a floating type");
        };
    }

    private ModelFiles write(Map<String, byte[]> contents) throws IOException {
        Path root = Files.createTempDirectory(folder, "foreign");
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            Path target = root.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        return new ModelFiles(root, contents.keySet().stream().sorted().toList(), Map.of());
    }

    /**
     * Files of each runtime's format (a description that starts with its name) and of none. An ONNX model starts with its
     * ir_version, a SavedModel with its schema version.
     */
    private static final Map<String, Map<String, byte[]>> FOREIGN = Map.of(
            "onnx model", Map.of("model.onnx", "\b\b\022\007pytorch:\001\022".getBytes(ISO_8859_1)),
            "tensorflow saved model",
            Map.of("saved_model.pb", "\b\001\022\004\n\002\"\000".getBytes(ISO_8859_1),
                    "variables/variables.index", new byte[8], "variables/variables.data-00000-of-00001", new byte[8]),
            "xgboost model in UBJSON",
            Map.of("model.ubj", "{L\0\0\0\0\0\0\0\007learner{L\0\0\0\0\0\0\0\nattributes{}".getBytes(ISO_8859_1)),
            "xgboost model in JSON", Map.of("model.json", "{\"learner\":{\"attributes\":{}}}".getBytes(UTF_8)),
            "a text", Map.of("README.md", "# A model\n".getBytes(UTF_8)),
            "some JSON", Map.of("config.json", "{\"name\": \"some\"}".getBytes(UTF_8)),
            "files of no bytes", Map.of("notes.txt", new byte[0], "weights.bin", new byte[0]));
}
