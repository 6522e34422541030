package io.modelyard.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.OutputEncoder;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The way of a prediction without HTTP: JSON is decoded, the model runs, the answers are encoded. Beside it, the bare call
 * of the library on tensors that are ready, and decoding alone.
 *
 * <p>Run with
 *
 * <pre>{@code mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="-cp %classpath io.modelyard.bench.PredictionBenchmark"}</pre>
 *
 * in the folder of the project, with options of JMH behind the class name ({@code -p rows=1}, {@code -prof gc}, …). Those
 * for iterations, times and forks are set below; {@code org.openjdk.jmh.Main} as the class takes others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PredictionBenchmark {
    private static final int MOST_ROWS = 10_000;
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();

    @Param({"breast-cancer/2", "digits/1", "digits/2"})
    public String model = "";

    @Param({"1", "100", "1000"})
    public int rows;

    @SuppressWarnings("NullAway.Init") // JMH calls load() before all else
    private Prepared prepared;

    /** What is made once: the model twice, as the server has it and bare, and the same rows as text and as tensors. */
    private record Prepared(SampleModel sample, LoadedModel bare, List<String> bareOutputs, List<TensorSpec> outputs,
            List<String> names, byte[] text, InputRows ready) {

        static Prepared of(String id, int rows) throws IOException, InvalidModelException {
            SampleModel sample = new SampleModel(id);
            LoadedModel bare = sample.bare();
            List<TensorSpec> outputs = sample.described().signature().defaultOutputs();
            byte[] text = sample.rows(rows).getBytes(StandardCharsets.UTF_8);
            return new Prepared(sample, bare, sample.bareOutputs(bare.signature()), outputs,
                    outputs.stream().map(TensorSpec::name).toList(), text,
                    sample.described().decoder().decode(new JsonReader(text), "/inputs", MOST_ROWS));
        }
    }

    @Setup
    public void load() throws IOException, InvalidModelException {
        prepared = Prepared.of(model, rows);
        if (!answers(prepared.sample().described().run(prepared.ready(), prepared.names()))
                .equals(answers(library()))) {
            throw new IllegalStateException("the described model and the bare one disagree");
        }
    }

    @TearDown
    public void close() {
        prepared.bare().close();
        prepared.sample().close();
    }

    @Benchmark
    public int way() throws IOException {
        InputRows decoded = decode();
        List<Tensor> answers = prepared.sample().described().run(decoded, prepared.names());
        return encode(answers, decoded.rows()).size();
    }

    @Benchmark
    public List<Tensor> library() {
        return prepared.bare().run(prepared.ready().tensors(), prepared.bareOutputs());
    }

    @Benchmark
    public InputRows decode() {
        return prepared.sample().described().decoder().decode(new JsonReader(prepared.text()), "/inputs", MOST_ROWS);
    }

    private ByteArrayOutputStream encode(List<Tensor> answers, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512 + count * 32);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            new OutputEncoder(json).writeRows(ToldOutput.plain(prepared.outputs(), answers, true), count);
        }
        return bytes;
    }

    private String answers(List<Tensor> tensors) throws IOException {
        return encode(tensors, rows).toString(StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        var results = new Runner(new OptionsBuilder().parent(new CommandLineOptions(arguments))
                .include(PredictionBenchmark.class.getName() + "\\.").forks(1)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .warmupIterations(3).warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5).measurementTime(TimeValue.milliseconds(300)).build()).run();
        Map<String, Map<String, Double>> table = new TreeMap<>();
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            table.computeIfAbsent("%-16s %5s".formatted(result.getParams().getParam("model"),
                    result.getParams().getParam("rows")), _ -> new TreeMap<>())
                    .put(benchmark.substring(benchmark.lastIndexOf('.') + 1),
                            result.getPrimaryResult().getStatistics().getPercentile(50));
        }
        System.out.println("medians in us     rows        way    library     decode   way/library");
        table.forEach((name, times) -> {
            double way = times.getOrDefault("way", Double.NaN);
            double library = times.getOrDefault("library", Double.NaN);
            System.out.printf("%s %10.1f %10.1f %10.1f %13.2f%n", name, way, library,
                    times.getOrDefault("decode", Double.NaN), way / library);
        });
    }
}
