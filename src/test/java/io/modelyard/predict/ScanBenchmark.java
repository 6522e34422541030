package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What it costs to scan the largest body that is read on the event loop, of several kinds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScanBenchmark {
    private static final int BYTES = 1536;

    @Param({"numbers", "texts", "nested", "members", "steps"})
    public String kind = "numbers";
    private byte[] body = {};

    @Setup
    public void prepare() {
        String text = switch (kind) {
            case "numbers" -> filled("{\"inputs\": [[", "17.990000,", "1]]}");
            case "texts" -> filled("{\"inputs\": [[", "\"a \\\"\\u00e9\\\\ text\",", "\"\"]]}");
            case "nested" -> "{\"inputs\": " + "[".repeat(BYTES / 2 - 10) + "]".repeat(BYTES / 2 - 10) + "}";
            case "members" -> filled("{", "\"what\":[{}],", "\"inputs\": [[1]]}");
            default -> filled("{\"inputs\": [[1]], \"preprocessing\": {\"mean\": [", "0.485,", "1]}}");
        };
        body = text.getBytes(StandardCharsets.UTF_8);
    }

    private static String filled(String begin, String piece, String end) {
        return begin + piece.repeat((BYTES - begin.length() - end.length()) / piece.length()) + end;
    }

    @Benchmark
    public Object scan() {
        try {
            return RequestScanner.scan(body);
        } catch (ServingFailure refused) {
            return refused;
        }
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder().include(ScanBenchmark.class.getSimpleName()).build()).run();
    }
}
