package io.modelyard.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.OutputEncoder;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.ToldOutput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** What is written for an output is what its schema says, and little else is. */
final class AnswerSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "3   | a b c | {}                                         | {\"label\": \"a\"}",
            "3   |       | {}                                         | [1, 2]",
            "3   |       | {\"threshold\": 0.5}                       | [0.5, 0.5, 0.5]",
            "3   |       | {\"top_k\": 2}                             | [{\"label\": \"a\", \"probability\": 1}]",
            "3   | a b c | {\"labels\": false}                        | {\"label\": \"a\", \"confidence\": 1, \"probabilities\": [1, 0, 0]}",
            "3   | a b c | {\"labels\": [\"x\", \"y\", \"z\"]}        | {\"label\": \"a\", \"confidence\": 1, \"probabilities\": [1, 0, 0]}",
            "3   | a b c | {\"threshold\": 0.9}                       | {\"label\": \"d\", \"confidence\": 1, \"probabilities\": [1, 0, 0]}",
            "3   | a b c | {\"sigmoid\": true, \"threshold\": 0.5}    | {\"label\": \"a\", \"confidence\": 1, \"probabilities\": [1, 0, 0]}",
            "3   | a b c | {\"top_k\": 2}                             | {\"label\": \"a\", \"confidence\": 1, \"top_k\": [{\"index\": 1, \"probability\": 1}]}",
            "3   | a b c | {\"top_k\": 9, \"round\": 2}               | {\"label\": \"a\", \"confidence\": 1, \"top_k\": []}",
            "1   | no yes| {}                                         | {\"label\": \"no\", \"confidence\": 1, \"probabilities\": [1]}",
            "1   | no yes| {\"threshold\": 0.3, \"round\": 1}         | 0.5",
            "1   |       | {\"round\": 1}                             | true",
            "1   |       | {\"threshold\": 0.5}                       | 1",
            "    |       | {}                                         | [1]",
            "2,2 |       | {\"softmax\": true}                        | [0.5, 0.5]",
            "2,2 |       | {\"threshold\": 0.5}                       | [[1, 0], [0, 1]]"})
    void describesWhatIsTold(String dims, String labels, String steps, String another) throws IOException {
        String axes = dims == null ? "" : dims;
        long[] shape = axes.isEmpty() ? new long[]{-1} : longs("-1," + axes);
        TensorSpec spec = TensorSpec.of("y", DataType.FLOAT32, Shape.of(shape))
                .withLabels(labels == null ? List.of() : List.of(labels.split(" ")));
        Signature signature = new Signature(List.of(TensorSpec.of("x", DataType.FLOAT32, Shape.of(-1))), List.of(spec),
                false);
        Postprocessing postprocessing = Transforms.of(new InputDecoder(signature), null, JSON.readTree(steps))
                .postprocessing();
        Schema schema = REGISTRY
                .getSchema(JSON.<JsonNode>valueToTree(postprocessing.schema(List.of(spec), true)));
        int width = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            width *= (int) shape[axis];
        }
        float[] values = new float[4 * width];
        for (int i = 0; i < values.length; i++) {
            // The last row is what no probability should be.
            values[i] = i >= 3 * width ? Float.NaN : (i * 7 % 10) / 10f;
        }
        shape[0] = 4;
        List<ToldOutput> told = postprocessing.apply(List.of(spec), List.of(new Tensor.Floats(Shape.of(shape), values)),
                new StepTimes());
        for (JsonNode row : written(told, 4)) {
            assertThat(schema.validate(row)).as(row.toString()).isEmpty();
        }
        assertThat(schema.validate(JSON.readTree(another))).isNotEmpty();
    }

    private static JsonNode written(List<ToldOutput> told, int rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            new OutputEncoder(json).writeRows(told, rows);
        }
        return JSON.readTree(bytes.toByteArray());
    }

    private static long[] longs(String text) throws JsonProcessingException {
        return JSON.readValue("[" + text + "]", long[].class);
    }
}
