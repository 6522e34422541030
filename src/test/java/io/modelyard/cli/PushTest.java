package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code modelyard push}, {@code validate}, {@code list} and {@code show} over a folder. */
final class PushTest {
    private static final Path MODEL = Path.of("models-local/models/breast-cancer/1/model.ubj");
    private static final Path OTHER = Path.of("models-local/models/breast-cancer/2/model.ubj");

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void open() {
        cli = new Cli(folder, folder.resolve("store").toString());
    }

    @Test
    void publishesAModelWithWhatItSaysOfItself() throws Exception {
        Cli.Run run = push("1");
        assertThat(run.err()).startsWith("uploading 1 file, 19.4 kB\n");
        assertThat(run.out()).matches("cancer/1 is published in \\S+/store: 1 file, 19.4 kB, xgboost, digest "
                + "[0-9a-f]{64}\n");
        assertThat(run.code()).isZero();
        JsonNode manifest = manifest("1");
        assertThat(manifest.at("/inputs/0/features/0/name").asText()).isEqualTo("mean_radius");
        assertThat(manifest.at("/examples/0/outputs/0").asDouble()).isBetween(0.0, 1.0);
        assertThat(manifest.path("created_by").asText()).isEqualTo(Author.name());
        assertThat(files("models")).containsExactly("models/cancer/1/" + manifest.path("push").asText()
                + "/model.ubj");
        assertThat(files("changes")).hasSize(1);
        assertThat(folder.resolve("pushes")).isEmptyDirectory();
    }

    @Test
    void takesTheSameContentAgainAsPublishedAndOtherContentAsAConflict() throws Exception {
        String digest = push("1", "--json").json().path("digest").asText();
        List<String> published = files("models");
        Cli.Run again = push("1", "--created-by", "somebody else", "--json");
        assertThat(again.code()).isZero();
        assertThat(again.json().path("status").asText()).isEqualTo("already_published");
        assertThat(again.json().path("digest").asText()).isEqualTo(digest);
        assertThat(again.err()).isEmpty();

        Cli.Run other = cli.run("push", OTHER.toString(), "--type", "cancer", "--version", "1");
        assertThat(other.code()).isEqualTo(3);
        assertThat(other.err()).contains("cancer/1 exists with other content: /", "publish it as a new one");
        assertThat(other.out()).isEmpty();
        Cli.Run asJson = push("1", "--label", "a=b", "--json");
        assertThat(asJson.code()).isEqualTo(3);
        assertThat(asJson.json().path("code").asText()).isEqualTo("version_exists");
        assertThat(asJson.json().path("exit_code").asInt()).isEqualTo(3);
        assertThat(files("models")).containsAll(published);
        assertThat(files("registry")).hasSize(1);
    }

    @Test
    void putsWhatIsSaidOverWhatIsFound() throws Exception {
        Path said = Files.writeString(folder.resolve("said.json"),
                """
                {"outputs": [{"name": "probabilities", "labels": ["malignant", "benign"]}], "training": {"dataset": "wdbc"},
                 "preprocessing": {"normalize": true, "scale": 1.0}, "labels": {"team": "a"}}
                """);
        assertThat(push("1", "--manifest", said.toString(), "--label", "team=b", "--created-by", "ci").code())
                .isZero();
        JsonNode manifest = manifest("1");
        assertThat(manifest.at("/outputs/0/labels/1").asText()).isEqualTo("benign");
        assertThat(manifest.at("/outputs/0/dtype").asText()).isEqualTo("float32");
        assertThat(manifest.at("/training/dataset").asText()).isEqualTo("wdbc");
        assertThat(manifest.at("/training/framework").asText()).isEqualTo("xgboost");
        assertThat(manifest.at("/labels/team").asText()).isEqualTo("b");
        assertThat(manifest.path("created_by").asText()).isEqualTo("ci");
        assertThat(push("2", "--manifest", Files.writeString(said, "{\"lables\": {}}").toString()))
                .satisfies(run -> {
                    assertThat(run.code()).isEqualTo(2);
                    assertThat(run.err()).contains("there is no member 'lables' here");
                });
    }

    @Test
    void keepsTheModelsAnswersToRowsAndChecksThoseThatAreGiven() throws Exception {
        JsonNode example = new ObjectMapper().readTree(Path.of("models-local/registry/breast-cancer/1.json").toFile())
                .at("/examples/0");
        Path rows = Files.writeString(folder.resolve("rows.json"), example.path("inputs").toString());
        assertThat(push("1", "--examples", rows.toString()).code()).isZero();
        assertThat(manifest("1").at("/examples/0/inputs")).isEqualTo(example.path("inputs"));
        double answer = manifest("1").at("/examples/0/outputs/0").asDouble();
        assertThat(answer).isBetween(0.0, 1.0);

        Path wrong = Files.writeString(folder.resolve("wrong.json"), "[{\"inputs\": " + example.path("inputs")
                + ", \"outputs\": [" + (answer + 0.1) + "]}]");
        Cli.Run refused = push("2", "--examples", wrong.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("example 0 of the manifest is answered otherwise");
        assertThat(files("models")).hasSize(1);
    }

    @Test
    void saysWhatIsWrongBeforeAnythingIsDone() throws Exception {
        assertThat(cli.run("push", MODEL.toString(), "--type", "cancer")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).startsWith("say which version this is: --version 2, or");
        });
        assertThat(cli.run("push", MODEL.toString(), "--version", "1").code()).isEqualTo(2);
        assertThat(cli.run("push", MODEL.toString(), "--type", "No", "--version", "1").err())
                .startsWith("'No' is not the name of a type");
        assertThat(cli.run("push", "nowhere", "--type", "a", "--version", "1")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).isEqualTo("there is no file or folder nowhere\n");
        });
        assertThat(push("1", "--examples", "nowhere.json").err()).isEqualTo("there is no file nowhere.json\n");
        assertThat(push("1", "--store", "gopher://x").code()).isEqualTo(2);
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void publishesNothingInADryRun() throws Exception {
        Cli.Run run = push("1", "--dry-run", "--json");
        assertThat(run.code()).isZero();
        assertThat(run.json().path("status").asText()).isEqualTo("valid");
        assertThat(run.json().at("/manifest/files/0/path").asText()).isEqualTo("model.ubj");
        assertThat(files("")).isEmpty();
    }

    @Test
    void validatesModelsAndManifests() throws Exception {
        Path pickle = Files.writeString(folder.resolve("model.pkl"), "x");
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"runtime\": \"onnx\", \"files\": []}");
        Cli.Run good = cli.run("validate", MODEL.toString(), "models-local/registry/breast-cancer/2.json");
        assertThat(good.out()).isEqualTo(MODEL + " can be published: 1 file, 19.4 kB, xgboost\n"
                + "models-local/registry/breast-cancer/2.json is a valid manifest of breast-cancer/2: 1 file, 60.1 kB, "
                + "xgboost; its model does what it says\n");
        assertThat(good.code()).isZero();
        Cli.Run mixed = cli.run("validate", MODEL.toString(), pickle.toString(), bad.toString());
        assertThat(mixed.code()).isEqualTo(2);
        assertThat(mixed.out()).contains(MODEL + " can be published", "model.pkl cannot be published: ",
                "bad.json cannot be published: ", "the member 'type' is missing");
    }

    @Test
    void listsAndShowsWhatIsPublished() {
        assertThat(cli.run("list").out()).isEqualTo("nothing is published\n");
        push("1", "--created-by", "ci", "--label", "team=a");
        push("2", "--created-by", "ci");
        Cli.Run list = cli.run("list");
        assertThat(list.out().lines()).hasSize(3);
        assertThat(list.out()).startsWith("TYPE    VERSION  STATE            RUNTIME  SIZE     CREATED")
                .contains("\ncancer  2        active (latest)  xgboost  19.4 kB  20").endsWith("  ci\n");
        JsonNode json = cli.run("list", "cancer", "--json").json();
        assertThat(json.at("/types/0/active_version").asText()).isEqualTo("2");
        assertThat(json.at("/types/0/versions")).hasSize(2);
        assertThat(cli.run("list", "nothing").code()).isEqualTo(2);

        assertThat(cli.run("show", "cancer/1").out()).startsWith("cancer/1").contains(
                "\ninput     features float32 [-1, 30]: ",
                "\nlabel     team = a\n", "\ncreated   20");
        assertThat(cli.run("show", "cancer/@latest", "--json").json().path("version").asText()).isEqualTo("2");
        assertThat(cli.run("show", "cancer/3").code()).isEqualTo(2);
        assertThat(cli.run("show", "cancer").err()).startsWith("'cancer' names no version");
    }

    @Test
    void explainsItsExitCodes() {
        assertThat(Cli.plain("--help").out()).contains("Exit codes:", "3   the version exists with other content",
                "push ",
                "validate ");
        assertThat(Cli.plain("push", "--help").out()).contains("--examples=<file>");
    }

    private Cli.Run push(String version, String... more) {
        return cli.run(Stream.concat(Stream.of("push", MODEL.toString(), "--type", "cancer", "--version", version),
                Stream.of(more)).toArray(String[]::new));
    }

    private JsonNode manifest(String version) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("store/registry/cancer/" + version + ".json").toFile());
    }

    private List<String> files(String below) throws IOException {
        Path store = folder.resolve("store");
        if (!Files.exists(store.resolve(below))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(store.resolve(below))) {
            return files.filter(Files::isRegularFile).map(file -> store.relativize(file).toString()).sorted().toList();
        }
    }
}
