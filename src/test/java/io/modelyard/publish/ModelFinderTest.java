package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InvalidModelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a path that somebody names is taken for. */
final class ModelFinderTest {
    @TempDir
    Path folder;

    private PublishHouse house;

    @BeforeEach
    void open() {
        house = new PublishHouse(folder.resolve("house"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void findsTheSavedModelFolderInWhateverWayItIsNamed() throws InvalidModelException {
        Path saved = PublishHouse.fixture("tensorflow-digits-mlp/saved_model");
        ModelSource source = house.finder().find(saved);
        assertThat(source.runtime().name()).isEqualTo("tensorflow");
        assertThat(source.files().paths()).containsExactly("saved_model.pb", "variables/variables.data-00000-of-00001",
                "variables/variables.index");
        assertThat(house.finder().find(saved.resolve("saved_model.pb")).files().paths())
                .isEqualTo(source.files().paths());
        assertThat(house.finder().find(saved.resolveSibling("")).files().paths())
                .allMatch(path -> path.startsWith("saved_model/"));
    }

    @Test
    void findsTheOneModelInAFolderWithOtherFiles() throws InvalidModelException {
        PublishHouse.copy(PublishHouse.fixture("xgboost-wine-v34/model.ubj"), folder.resolve("wine/model.ubj"));
        PublishHouse.write(folder.resolve("wine/README.md"), "Wine.");
        PublishHouse.write(folder.resolve("wine/about.json"), "{\"rows\": 178}");
        PublishHouse.write(folder.resolve("wine/.git/model.ubj"), "hidden");
        ModelSource source = house.finder().find(folder.resolve("wine"));
        assertThat(source.runtime().name()).isEqualTo("xgboost");
        assertThat(source.files().paths()).containsExactly("model.ubj");
    }

    @Test
    void namesTheModelsWhereThereAreSeveral() {
        assertThatThrownBy(() -> house.finder().find(PublishHouse.fixture("xgboost-digits")))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContainingAll("several models", "model.json, model.ubj", "name one of them");
    }

    @Test
    void takesAlongTheFilesThatAnOnnxModelNames() throws InvalidModelException, IOException {
        ByteArrayOutputStream onnx = new ByteArrayOutputStream();
        for (String location : new String[]{"weights/a.bin", "b.data", "../outside", "missing"}) {
            onnx.writeBytes("\n\blocation\u0012".getBytes(StandardCharsets.UTF_8));
            onnx.write(location.length());
            onnx.writeBytes(location.getBytes(StandardCharsets.UTF_8));
        }
        PublishHouse.write(folder.resolve("outside"), "secret");
        Files.createDirectory(folder.resolve("m"));
        Files.write(folder.resolve("m/model.onnx"), onnx.toByteArray());
        PublishHouse.write(folder.resolve("m/weights/a.bin"), "a");
        PublishHouse.write(folder.resolve("m/b.data"), "b");
        PublishHouse.write(folder.resolve("m/c.data"), "c");
        assertThat(house.finder().find(folder.resolve("m/model.onnx")).files().paths()).containsExactly("model.onnx",
                "weights/a.bin", "b.data");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            it's.pkl      | cxgboost.sklearn XGBClassifier          | import pickle | .save_model('
                                            m.pkl         | csklearn.pipeline xgboost.sklearn       | skl2onnx      | m.onnx
                                            m.joblib      | zlib                                    | joblib.load(  | hasattr(model, 'save_model')
                                            m.pt          | state                                   | torch.load(   | torch.onnx.export(
                                            m.pth         | state                                   | torch.load(   | m.onnx
                                            m.keras       | PK                                      | keras.models.load_model( | model.export(
                                            m.h5          | HDF                                     | keras.models.load_model( | compile=False
                                            m.bin         | binf                                    | xgboost.Booster(model_file= | m.ubj
                                            m.bin         | PK torch                                | torch.load(   | m.onnx
                                            m.safetensors | {}                                      | load_state_dict( | m.onnx
                                            m.cbm         | CBM1                                    | CatBoost()    | format='onnx'
                                            """)
    void refusesOtherFormatsWithThePythonThatConvertsThem(String name, String content, String line, String other) {
        Path file = folder.resolve(name);
        PublishHouse.write(file, content);
        assertThatThrownBy(() -> house.finder().find(file)).isInstanceOf(InvalidModelException.class)
                .hasMessageContainingAll("python3 - <<'EOF'", line, other, Conversion.quoted(file.toString()))
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void writesNamesAsPythonWouldReadThem() {
        assertThat(Conversion.quoted("C:\\it's")).isEqualTo("'C:\\\\it\\'s'");
    }

    @Test
    void refusesWhatOldVersionsOfXgboostWroteWithTheLineThatSavesItAgain() throws IOException {
        Path file = folder.resolve("old.model");
        Files.write(file, new byte[]{'b', 'i', 'n', 'f', 0, 0, 0, 0x3f, 1, 2, 3});
        assertThatThrownBy(() -> house.finder().find(file)).hasMessageContainingAll("'xgboost<3.1'",
                folder.resolve("old.ubj").toString());
    }

    @Test
    void refusesMlflowsPicklesWithTheLinesThatConvertThem() {
        PublishHouse.write(folder.resolve("sk/MLmodel"),
                """
                flavors:
                  python_function: {loader_module: mlflow.sklearn, model_path: model.pkl}
                  sklearn: {pickled_model: model.pkl, sklearn_version: 1.5.0}
                """);
        PublishHouse.write(folder.resolve("sk/model.pkl"), "pickle");
        assertThatThrownBy(() -> house.finder().find(folder.resolve("sk"))).hasMessageContainingAll(
                "mlflow.sklearn.load_model('" + folder.resolve("sk") + "')", "to_onnx",
                folder.resolve("sk.onnx") + "'");
    }

    @Test
    void refusesAnMlmodelThatRunsCodeOrLeadsOutOfItsFolder() {
        PublishHouse.write(folder.resolve("tag/MLmodel"), "flavors: !!javax.script.ScriptEngineManager {}\n");
        assertThatThrownBy(() -> house.finder().find(folder.resolve("tag"))).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("not the YAML");
        PublishHouse.write(folder.resolve("out/MLmodel"), "flavors: {xgboost: {data: ../tag/model.ubj}}\n");
        assertThatThrownBy(() -> house.finder().find(folder.resolve("out"))).isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("outside the folder");
    }

    @Test
    void saysWhatIsServedWhereThereIsNoModel() throws IOException {
        PublishHouse.write(folder.resolve("notes.txt"), "notes");
        assertThatThrownBy(() -> house.finder().find(folder.resolve("notes.txt")))
                .hasMessageContainingAll("notes.txt is no model", "SavedModel");
        Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> house.finder().find(folder.resolve("empty"))).hasMessageContaining("has no files");
        assertThatThrownBy(() -> house.finder().find(folder.resolve("nowhere")))
                .hasMessageContaining("there is no file or folder");
    }
}
