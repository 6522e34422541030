package io.modelyard.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How fast the inputs of a request become a float32 tensor of 28 columns, beside Jackson's streaming parser filling the
 * same array (its fast float parser on, names looked up in a map, all but numbers and known names refused).
 *
 * <p>Run with
 *
 * <pre>{@code mvn -q test-compile org.codehaus.mojo:exec-maven-plugin:3.5.0:exec -Dexec.executable=java \
 *     -Dexec.classpathScope=test -Dexec.args="-cp %classpath io.modelyard.bench.DecodeBenchmark"}</pre>
 *
 * with options of JMH behind the class name: {@code -p rows=1000 -p form=arrays}, {@code -prof gc}, ….
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecodeBenchmark {
    private static final int WIDTH = 28;
    private static final List<String> NAMES = IntStream.range(0, WIDTH).mapToObj(i -> "jet_%d_feature".formatted(i))
            .toList();
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

    /** {@code arrays} or {@code objects}. */
    @Param({"arrays", "objects"})
    public String form = "";

    @Param({"1", "100", "1000"})
    public int rows;

    /** {@code short}: what {@link Float#toString} writes; {@code long}: 17 significant digits. */
    @Param({"short", "long"})
    public String digits = "";

    private byte[] text = {};
    private final InputDecoder decoder = new InputDecoder(new Signature(
            List.of(TensorSpec.of("features", DataType.FLOAT32, Shape.of(Shape.ANY, WIDTH))
                    .withFeatures(NAMES.stream().map(Feature::named).toList())),
            List.of(), false));
    private final Map<String, Integer> places = new HashMap<>();

    @Setup
    public void write() throws IOException {
        text = text(form, rows, digits);
        for (String name : NAMES) {
            places.put(name, places.size());
        }
        if (!Arrays.equals((float[]) decode().array(), jackson())) {
            throw new IllegalStateException("the two decoders disagree");
        }
    }

    @Benchmark
    public Tensor decode() {
        return decoder.decode(new JsonReader(text), "/inputs", 10_000).tensors().getFirst();
    }

    @Benchmark
    public float[] jackson() throws IOException {
        float[] values = new float[WIDTH];
        int count = 0;
        try (JsonParser parser = JACKSON.createParser(text)) {
            expect(JsonToken.START_ARRAY, parser.nextToken());
            for (JsonToken row = parser.nextToken(); row != JsonToken.END_ARRAY; row = parser.nextToken()) {
                if ((count + 1) * WIDTH > values.length) {
                    values = Arrays.copyOf(values, values.length * 2);
                }
                if (row == JsonToken.START_ARRAY) {
                    arrayRow(parser, values, count++ * WIDTH);
                } else {
                    expect(JsonToken.START_OBJECT, row);
                    objectRow(parser, values, count++ * WIDTH);
                }
            }
        }
        return values.length == count * WIDTH ? values : Arrays.copyOf(values, count * WIDTH);
    }

    private static void arrayRow(JsonParser parser, float[] values, int from) throws IOException {
        int at = from;
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            values[at++] = number(parser, next);
        }
        if (at != from + WIDTH) {
            throw new IllegalArgumentException("wrong width");
        }
    }

    private void objectRow(JsonParser parser, float[] values, int from) throws IOException {
        boolean[] seen = new boolean[WIDTH];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Integer place = places.get(parser.currentName());
            if (place == null || seen[place]) {
                throw new IllegalArgumentException("unknown or there twice");
            }
            seen[place] = true;
            values[from + place] = number(parser, parser.nextToken());
            count++;
        }
        if (count != WIDTH) {
            throw new IllegalArgumentException("missing");
        }
    }

    /** By way of a double, as clients that hold doubles mean it, and as the decoder does. */
    private static float number(JsonParser parser, JsonToken token) throws IOException {
        if (!token.isNumeric()) {
            throw new IllegalArgumentException("not a number");
        }
        return (float) parser.getDoubleValue();
    }

    private static void expect(JsonToken wanted, JsonToken found) {
        if (wanted != found) {
            throw new IllegalArgumentException("expected " + wanted);
        }
    }

    private static byte[] text(String form, int rows, String digits) {
        Random random = new Random(28);
        StringBuilder text = new StringBuilder("[");
        for (int row = 0; row < rows; row++) {
            text.append(row == 0 ? "" : ",").append(form.equals("arrays") ? '[' : '{');
            for (int column = 0; column < WIDTH; column++) {
                text.append(column == 0 ? "" : ",");
                if (form.equals("objects")) {
                    text.append('"').append(NAMES.get(column)).append("\":");
                }
                float value = (float) (random.nextGaussian() * 3);
                text.append(
                        digits.equals("short") ? Float.toString(value) : Double.toString(random.nextGaussian() * 3));
            }
            text.append(form.equals("arrays") ? ']' : '}');
        }
        return text.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        var results = new Runner(new OptionsBuilder().parent(new CommandLineOptions(arguments))
                .include(DecodeBenchmark.class.getName() + "\\.").forks(1)
                .warmupIterations(3).warmupTime(TimeValue.seconds(1))
                .measurementIterations(3).measurementTime(TimeValue.seconds(1)).build()).run();
        Map<String, double[]> table = new TreeMap<>();
        for (RunResult result : results) {
            String form = result.getParams().getParam("form");
            int rows = Integer.parseInt(result.getParams().getParam("rows"));
            String digits = result.getParams().getParam("digits");
            double micros = result.getPrimaryResult().getScore();
            boolean ours = result.getParams().getBenchmark().endsWith("decode");
            double[] line = table.computeIfAbsent("%-8s %5d x 28  %-5s".formatted(form, rows, digits),
                    _ -> new double[3]);
            line[0] = text(form, rows, digits).length;
            line[ours ? 1 : 2] = micros;
        }
        System.out.println("rows                          bytes   decode µs   MB/s   Jackson µs   MB/s   ratio");
        table.forEach((name, line) -> System.out.printf("%s %9.0f %11.1f %6.0f %12.1f %6.0f %7.2f%n", name, line[0],
                line[1], line[0] / line[1], line[2], line[0] / line[2], line[2] / line[1]));
    }
}
