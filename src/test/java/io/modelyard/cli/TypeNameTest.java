package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.ModelId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

final class TypeNameTest {
    @ParameterizedTest
    @CsvSource({"/m/churn.onnx, churn", "/m/Penguins Model (v2).ubj, penguins-model-v2", "/m/churn/model.ubj, churn",
            "/m/half_plus_two/1, half_plus_two", "/m/half_plus_two/00000123/saved_model.pb, half_plus_two",
            "/m/churn/v2/saved_model, churn", "/m/iris.v3.json, iris.v3", "/1/model.onnx, model",
            "/m/Größe.onnx, gr-e"})
    void isTheFirstNameThatSaysSomething(String path, String type) {
        assertThat(TypeName.of(Path.of(path))).isEqualTo(type);
    }

    @Property(seed = "2611", tries = 300)
    void isAlwaysTheNameOfAType(@ForAll @NotBlank String name) {
        String segment = name.replace('/', '-').replace('\0', '-');
        assertThat(ModelId.isType(TypeName.of(Path.of("/", segment)))).isTrue();
    }
}
