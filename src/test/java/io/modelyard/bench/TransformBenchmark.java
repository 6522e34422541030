package io.modelyard.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;
import io.modelyard.transform.StepTimes;
import io.modelyard.transform.Transforms;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What the steps before and after a model cost, for rows of 28 float32 inputs and 10 float32 outputs. {@code before} includes a
 * copy of the inputs, which {@code "{}"} shows alone.
 *
 * <p>Run with
 *
 * <pre>{@code mvn -q test-compile org.codehaus.mojo:exec-maven-plugin:3.5.0:exec -Dexec.executable=java \
 *     -Dexec.classpathScope=test -Dexec.args="-cp %classpath io.modelyard.bench.TransformBenchmark"}</pre>
 *
 * with options of JMH behind the class name.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TransformBenchmark {
    private static final int INPUTS = 28;
    private static final int OUTPUTS = 10;
    private static final String ONES = Arrays.toString(new Random(26).doubles(INPUTS, 1, 1.0000001).toArray());

    /** A state of its own for each side, so that their parameters are not combined. */
    @State(Scope.Benchmark)
    public static class Before {
        @Param({"{}", "{'fill': 0}", "{'clip': {'min': -1, 'max': 1}}", "{'scale': 1.0}", "{'std': ONES}",
                "{'fill': ONES, 'clip': {'min': -1, 'max': ONES}, 'std': ONES}"})
        public String steps = "{}";

        private Transforms transforms = none();

        @Setup
        public void read() throws JsonProcessingException {
            transforms = transforms(steps.replace("ONES", ONES), "{}");
        }
    }

    /** As {@link Before}. */
    @State(Scope.Benchmark)
    public static class After {
        @Param({"{}", "{'softmax': true}", "{'top_k': 3}", "{'threshold': 0.5}", "{'round': 3}",
                "{'softmax': true, 'threshold': 0.5, 'round': 3}"})
        public String steps = "{}";

        private Transforms transforms = none();

        @Setup
        public void read() throws JsonProcessingException {
            transforms = transforms("{}", steps);
        }
    }

    @Param({"1", "100", "1000"})
    public int rows;

    private float[] inputs = {};
    private float[] outputs = {};

    @Setup
    public void fill() {
        Random random = new Random(11);
        inputs = new float[rows * INPUTS];
        outputs = new float[rows * OUTPUTS];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat() - 0.5f;
        }
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = random.nextFloat();
        }
    }

    @Benchmark
    public InputRows before(Before before) {
        InputRows decoded = new InputRows(List.of(new Tensor.Floats(Shape.of(rows, INPUTS), inputs.clone())), rows);
        return before.transforms.preprocessing().apply(decoded, new StepTimes());
    }

    @Benchmark
    public List<ToldOutput> after(After after) {
        return after.transforms.postprocessing().apply(SIGNATURE.outputs(),
                List.of(new Tensor.Floats(Shape.of(rows, OUTPUTS), outputs)), new StepTimes());
    }

    private static final Signature SIGNATURE = new Signature(
            List.of(TensorSpec.of("x", DataType.FLOAT32, Shape.of(Shape.ANY, INPUTS))),
            List.of(TensorSpec.of("y", DataType.FLOAT32, Shape.of(Shape.ANY, OUTPUTS))
                    .withLabels(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"))),
            false);

    private static Transforms none() {
        return Transforms.of(new InputDecoder(SIGNATURE), null, null);
    }

    private static Transforms transforms(String before, String after) throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        return Transforms.of(new InputDecoder(SIGNATURE), json.readTree(before.replace('\'', '"')),
                json.readTree(after.replace('\'', '"')));
    }

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        new Runner(new OptionsBuilder().parent(new CommandLineOptions(arguments))
                .include(TransformBenchmark.class.getSimpleName()).forks(1).warmupIterations(3).measurementIterations(5)
                .warmupTime(TimeValue.milliseconds(300)).measurementTime(TimeValue.milliseconds(300)).build()).run();
    }
}
