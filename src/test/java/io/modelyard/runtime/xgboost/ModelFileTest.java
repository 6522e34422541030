package io.modelyard.runtime.xgboost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which of a version's files is the model. */
final class ModelFileTest {
    private static byte[] ubjson;
    private static byte[] json;

    @TempDir
    Path folder;

    private final ModelRuntime runtime = new XgboostRuntime();
    private final List<String> paths = new ArrayList<>();

    @BeforeAll
    static void train() throws Exception {
        ubjson = KnownModels.TREES.bytes("ubj");
        json = KnownModels.TREES.bytes("json");
    }

    @BeforeEach
    void noFiles() {
        paths.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.ubj", "model.xgb", "model.model", "model.bst", "deep/er/MODEL.UBJ", "0001.model"})
    void ubjsonIsAModelUnderTheNamesThatPeopleGiveIt(String name) throws Exception {
        put(name, ubjson);
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        runtime.load(files(Map.of())).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.json", "model.bst", "model.model"})
    void jsonIsAModelUnderTheNamesThatPeopleGiveIt(String name) throws Exception {
        put(name, json);
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        runtime.load(files(Map.of())).close();
    }

    @Test
    void jsonThatOthersFormattedIsAModelToo() throws Exception {
        String indented = new ObjectMapper().readTree(json).toPrettyString().replace("[ ]", "[]").replace("{ }", "{}");
        put("model.json", indented.getBytes(UTF_8));
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        runtime.load(files(Map.of())).close();
    }

    @Test
    void otherFilesBesideTheModelDoNotMatter() throws Exception {
        put("README.md", "# Model".getBytes(UTF_8));
        put("labels.json", "{\"labels\": [\"a\"]}".getBytes(UTF_8));
        put("empty.json", new byte[0]);
        put("model.ubj", ubjson);
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        runtime.load(files(Map.of())).close();
    }

    @Test
    void ofSeveralModelsTheOptionNamesTheRightOne() throws Exception {
        put("a.ubj", ubjson);
        put("b.json", json);
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        assertRefused(Map.of(), "several files look like an XGBoost model (a.ubj, b.json)", "runtime_options.file");
        runtime.load(files(Map.of("file", TextNode.valueOf("b.json")))).close();
    }

    @Test
    void theOptionMayNameAFileOfAnyName() throws Exception {
        put("weights.bin", ubjson);
        assertThat(runtime.recognises(files(Map.of()))).isFalse();
        Map<String, JsonNode> options = Map.of("file", TextNode.valueOf("weights.bin"));
        assertThat(runtime.recognises(files(options))).isTrue();
        runtime.load(files(options)).close();
    }

    @Test
    void anOptionThatNamesNoFileIsRefused() throws Exception {
        put("a.ubj", ubjson);
        assertRefused(Map.of("file", TextNode.valueOf("../a.ubj")), "runtime_options.file is \"../a.ubj\"", "a.ubj");
        assertRefused(Map.of("file", IntNode.valueOf(1)), "runtime_options.file is 1");
    }

    @Test
    void aFileNamedByTheOptionIsToldWhatIsWrongWithIt() throws Exception {
        put("a.ubj", "nothing".getBytes(UTF_8));
        put("b.ubj", ubjson);
        assertRefused(Map.of("file", TextNode.valueOf("a.ubj")), "a.ubj: it does not start like an XGBoost model");
    }

    @Test
    void whyNoFileIsAModelIsSaidOfEachOne() throws Exception {
        put("a.json", "{\"weights\": 1}".getBytes(UTF_8));
        put("b.ubj", new byte[0]);
        assertThat(runtime.recognises(files(Map.of()))).isFalse();
        assertRefused(Map.of(), "a.json does not start like an XGBoost model", "b.ubj has no bytes");
        paths.clear();
        put("c.txt", ubjson);
        assertRefused(Map.of(), "none ends in .ubj, .json, .xgb, .model or .bst");
    }

    @Test
    void theBinaryFormatOfOldVersionsIsRefusedWithTheWayOut() throws Exception {
        put("model.bst", legacy("binf"));
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        assertRefused(Map.of(), "model.bst: it is in the binary format of old versions",
                "Booster.save_model('model.ubj')");
        paths.clear();
        put("model.model", legacy(""));
        assertThat(runtime.recognises(files(Map.of()))).isTrue();
        assertRefused(Map.of(), "model.model: it is in the binary format of old versions");
    }

    @Test
    void aSnapshotOfATrainingIsRefusedAsSuch() throws Exception {
        put("model.json", ("{\"Model\": " + new String(json, UTF_8) + ", \"Config\": {}}").getBytes(UTF_8));
        assertRefused(Map.of(), "a snapshot of a training");
    }

    @Test
    void aVersionThatWasNeverTriedIsToldOf() throws Exception {
        put("model.json",
                new String(json, UTF_8).replace("\"version\":[3,4,0]", "\"version\":[2,1,3]").getBytes(UTF_8));
        try (LoadedModel model = runtime.load(files(Map.of()))) {
            assertThat(model.warnings()).singleElement().asString().contains("XGBoost 2.1.3", "1.7 and 3.4");
        }
        put("model.json", new String(json, UTF_8).replace(",\"version\":[3,4,0]", "").getBytes(UTF_8));
        try (LoadedModel model = runtime.load(files(Map.of()))) {
            assertThat(model.warnings()).singleElement().asString().contains("does not say which version");
        }
    }

    @Test
    void whatOnlyTheLibraryKnowsToBeWrongIsSaidInItsWords() throws Exception {
        put("model.json", new String(json, UTF_8).replace("reg:squarederror", "reg:cubederror").getBytes(UTF_8));
        assertRefused(Map.of(), "model.json: XGBoost cannot load it: ", "reg:cubederror");
        assertThatThrownBy(() -> runtime.load(files(Map.of()))).message().doesNotContain("Stack trace");
    }

    /** As LearnerIO::SaveModel of XGBoost 1.7 begins it: 136 bytes of parameters, and the objective behind its length. */
    private static byte[] legacy(String magic) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(magic.getBytes(UTF_8));
        ByteBuffer parameters = ByteBuffer.allocate(136 + 8).order(ByteOrder.LITTLE_ENDIAN);
        parameters.putFloat(0.5f).putInt(30).putLong(136, "binary:logistic".length());
        out.write(parameters.array());
        out.write("binary:logistic".getBytes(UTF_8));
        out.write(new byte[500]);
        return out.toByteArray();
    }

    private void put(String path, byte[] content) throws IOException {
        Path target = folder.resolve(path);
        Files.createDirectories(target.getParent());
        Files.write(target, content);
        if (!paths.contains(path)) {
            paths.add(path);
        }
    }

    private ModelFiles files(Map<String, JsonNode> options) {
        return new ModelFiles(folder, paths, options);
    }

    private void assertRefused(Map<String, JsonNode> options, String... messages) {
        assertThatThrownBy(() -> runtime.load(files(options)).close()).isInstanceOf(InvalidModelException.class)
                .message().contains(messages);
    }
}
