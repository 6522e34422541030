package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class TensorflowMessageTest {
    @TempDir
    Path folder;

    @Test
    void namesTheNodeWithoutTensorFlowsMarks() {
        assertThat(TensorflowMessage.readable("indices[0] = 7 is not in [0, 3)\n\t [[{{node gather}}]]"))
                .isEqualTo("indices[0] = 7 is not in [0, 3) (node 'gather')");
        assertThat(
                TensorflowMessage.readable("{{function_node __inference_f_9}} Shape must be rank 2 but is rank 1 for "
                        + "'{{node z}} = MatMul[T=DT_FLOAT](a, b)' with input shapes: [2,2], [?]."))
                .isEqualTo("Shape must be rank 2 but is rank 1 for node 'z' with input shapes: [2,2], [?].");
    }

    @Test
    void keepsTheFirstOfSeveralErrors() {
        assertThat(TensorflowMessage
                .readable("2 root error(s) found.\n  (0) INVALID_ARGUMENT: no such word\n\t [[{{node a}}]]"
                        + "\n\t [[b/_3]]\n  (1) INVALID_ARGUMENT: no such word\n\t [[{{node a}}]]\n0 successful operations.\n"
                        + "0 derived errors ignored."))
                .isEqualTo("no such word (node 'a')");
    }

    @Test
    void saysSomethingWhereTheLibrarySaysNothing() {
        assertThat(TensorflowMessage.readable(" ")).isNotBlank();
    }

    @Test
    void failuresOfARequestSayWhatTheLibrarySays() throws Exception {
        DataType floats = DataType.DT_FLOAT;
        DataType longs = DataType.DT_INT64;
        TestSavedModels lookup = TestSavedModels.empty().placeholder("table", floats, -1)
                .placeholder("index", longs, -1)
                .node("value", "Gather", Map.of("Tparams", TestSavedModels.type(floats), "Tindices",
                        TestSavedModels.type(longs)), "table", "index")
                .signature("serving_default",
                        signature -> signature.putInputs("table", TestSavedModels.tensor("table:0", floats, -1))
                                .putInputs("index", TestSavedModels.tensor("index:0", longs, -1))
                                .putOutputs("value", TestSavedModels.tensor("value:0", floats, -1)));
        try (LoadedModel model = new TensorflowRuntime(new TensorflowConfiguration(List.of(), 1, 0), Runnable::run)
                .load(lookup.write(folder))) {
            Tensor table = new Tensor.Floats(Shape.of(2), new float[]{5, 6});
            assertThatThrownBy(
                    () -> model.run(List.of(new Tensor.Longs(Shape.of(1), new long[]{7}), table), List.of("value")))
                    .isInstanceOf(InferenceException.class)
                    .hasMessage("indices[0] = 7 is not in [0, 2) (node 'value')");
            assertThat(
                    model.run(List.of(new Tensor.Longs(Shape.of(1), new long[]{1}), table), List.of("value")).getFirst()
                            .array())
                    .isEqualTo(new float[]{6});
        }
    }
}
