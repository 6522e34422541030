package io.modelyard.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelyard.model.ApiKey;
import io.modelyard.model.Manifest;
import io.modelyard.model.Role;
import io.modelyard.model.Routing;
import io.modelyard.registry.InvalidDocumentException.Problem;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

final class DocumentFormatTest {
    private static final DocumentFormat FORMAT = new DocumentFormat();

    private static final String WHOLE = """
                                        { "schema_version": 1, "type": "penguins", "version": "2", "runtime": "xgboost", "push": "0199a3",
                                          "files": [ {"path": "model.ubj", "size": 48213, "sha256": "%1$s"} ],
                                          "inputs":  [ {"name": "features", "dtype": "float32", "shape": [-1, 1],
                                                        "features": [ {"name": "bill_length_mm", "unit": "mm", "minimum": 30, "maximum": 60} ]} ],
                                          "outputs": [ {"name": "probabilities", "dtype": "float32", "shape": [-1, 3],
                                                        "labels": ["Adelie","Chinstrap","Gentoo"]} ],
                                          "examples": [ {"inputs": [[39.1]], "outputs": [[0.97, 0.02, 0.01]], "tolerance": 1e-6} ],
                                          "preprocessing": {}, "postprocessing": {"labels": true}, "overridable": false,
                                          "runtime_options": {"signature": "serving_default"},
                                          "cache": {"enabled": true, "ttl_seconds": 300}, "log": {"inputs": "full"},
                                          "training": {"framework": "xgboost 3.4.0", "metrics": {"accuracy": 0.98}},
                                          "created_at": "2026-11-20T11:00:00+01:00", "created_by": "ci", "labels": {"team": "birds"} }
                                        """
            .formatted("9f".repeat(32));

    private static final String SMALL = """
                                        { "type": "penguins", "version": "2", "runtime": "xgboost", "created_at": "2026-11-20T10:00:00Z",
                                          "files": [ {"path": "model.ubj", "size": 48213, "sha256": "%1$s"} ] }
                                        """
            .formatted("9f".repeat(32));

    @Test
    void readsAWholeManifest() throws Exception {
        Manifest manifest = FORMAT.readManifest(WHOLE.getBytes(UTF_8));

        assertThat(manifest.id()).hasToString("penguins/2");
        assertThat(manifest.filesPrefix()).isEqualTo("models/penguins/2/0199a3/");
        assertThat(manifest.files().getFirst().size()).isEqualTo(48213);
        assertThat(manifest.inputs().getFirst().dtype()).isEqualTo(DataType.FLOAT32);
        assertThat(manifest.inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 1));
        assertThat(manifest.inputs().getFirst().features().getFirst().minimum()).isEqualTo(30.0);
        assertThat(manifest.outputs().getFirst().labels()).containsExactly("Adelie", "Chinstrap", "Gentoo");
        assertThat(manifest.outputs().getFirst().onRequest()).isFalse();
        assertThat(manifest.examples().getFirst().tolerance()).isEqualTo(1e-6);
        assertThat(manifest.overridable()).isFalse();
        assertThat(manifest.runtimeOptions()).containsEntry("signature", TextNode.valueOf("serving_default"));
        assertThat(manifest.cache()).isEqualTo(new Manifest.CacheOptions(true, 300, null));
        assertThat(manifest.createdAt()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
        assertThat(manifest.labels()).containsEntry("team", "birds");
    }

    @Test
    void fillsInWhatASmallManifestLeavesOut() throws Exception {
        Manifest manifest = FORMAT.readManifest(SMALL.getBytes(UTF_8));

        assertThat(manifest.schemaVersion()).isEqualTo(1);
        assertThat(manifest.overridable()).isTrue();
        assertThat(manifest.inputs()).isEmpty();
        assertThat(manifest.runtimeOptions()).isEmpty();
        assertThat(manifest.labels()).isEmpty();
        assertThat(manifest.push()).isNull();
        assertThat(manifest.preprocessing()).isNull();
        assertThat(manifest.filesPrefix()).isEqualTo("models/penguins/2/");
    }

    @Test
    void namesTheBytesOfTheDocumentByTheirSha256() throws Exception {
        assertThat(DocumentFormat.digest("abc".getBytes(UTF_8)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(FORMAT.readModel(SMALL.getBytes(UTF_8)).digest())
                .isEqualTo(DocumentFormat.digest(SMALL.getBytes(UTF_8)))
                .isNotEqualTo(FORMAT.readModel((SMALL + "\n").getBytes(UTF_8)).digest());
    }

    @Test
    void writesMembersInOrderAndLeavesOutWhatIsEmpty() throws Exception {
        assertThat(new String(FORMAT.write(FORMAT.readManifest(SMALL.getBytes(UTF_8))), UTF_8))
                .isEqualTo("""
                           {
                             "schema_version" : 1,
                             "type" : "penguins",
                             "version" : "2",
                             "runtime" : "xgboost",
                             "files" : [ {
                               "path" : "model.ubj",
                               "size" : 48213,
                               "sha256" : "%s"
                             } ],
                             "overridable" : true,
                             "created_at" : "2026-11-20T10:00:00Z"
                           }
                           """.formatted("9f".repeat(32)));
    }

    @Test
    void writesMapsAndSetsSorted() throws Exception {
        Instant at = Instant.parse("2026-11-20T10:00:00Z");
        Routing routing = new Routing("t", 3, "2", "ab".repeat(32), "1", Map.of("b", "1", "c", "2", "a", "1"),
                Map.of("0", Routing.Retirement.of(at, null, null)), null,
                new Routing.Change("id", at, "ops", "activate", "1", "2", null));
        assertThat(new String(FORMAT.write(routing), UTF_8)).isEqualTo("""
                                                                       {
                                                                         "type" : "t",
                                                                         "revision" : 3,
                                                                         "active" : "2",
                                                                         "active_digest" : "%s",
                                                                         "previous" : "1",
                                                                         "aliases" : {
                                                                           "a" : "1",
                                                                           "b" : "1",
                                                                           "c" : "2"
                                                                         },
                                                                         "retired" : {
                                                                           "0" : {
                                                                             "at" : "2026-11-20T10:00:00Z"
                                                                           }
                                                                         },
                                                                         "change" : {
                                                                           "id" : "id",
                                                                           "at" : "2026-11-20T10:00:00Z",
                                                                           "by" : "ops",
                                                                           "action" : "activate",
                                                                           "from" : "1",
                                                                           "to" : "2"
                                                                         }
                                                                       }
                                                                       """.formatted("ab".repeat(32)));
        ApiKey key = new ApiKey("ci", 1, "id", null, "cd".repeat(32),
                Set.of(Role.PUBLISH, Role.PREDICT, Role.ADMIN, Role.READ), Set.of("b", "a", "c"), null, false, at,
                null);
        assertThat(new String(FORMAT.write(key), UTF_8))
                .contains("\"roles\" : [ \"predict\", \"read\", \"publish\", \"admin\" ]")
                .contains("\"types\" : [ \"a\", \"b\", \"c\" ]").contains("\"revoked\" : false");
    }

    @Test
    void findsATypingErrorAndSaysWhatThereIs() {
        assertThatThrownBy(() -> FORMAT.readManifest(SMALL.replace("\"files\"", "\"file\"").getBytes(UTF_8)))
                .isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("there is no member 'file' here; there are batching, cache, created_at")
                .hasMessageContaining("the member 'files' is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            "sha256": "9f             | "sha256": "9F              | /files/0/sha256            | 64 lower-case hex
                                            "size": 48213             | "size": -1                 | /files/0/size              | minimum
                                            "size": 48213             | "size": "48213"            | /files/0/size              | integer
                                            "float32", "shape": [-1, 1] | "float16", "shape": [-1, 1] | /inputs/0/dtype         | float64
                                            "shape": [-1, 3]          | "shape": [-2, 3]           | /outputs/0/shape/0         | -1
                                            "path": "model.ubj"       | "path": "../model.ubj"     | /files/0/path              | '..'
                                            "path": "model.ubj"       | "path": "/model.ubj"       | /files/0/path              | relative
                                            "path": "model.ubj"       | "path": "a//b"             | /files/0/path              | empty segments
                                            "path": "model.ubj"       | "path": "a/./b"            | /files/0/path              | '.'
                                            "path": "model.ubj"       | "path": ".hidden/b"        | /files/0/path              | hidden
                                            "path": "model.ubj"       | "path": "a\\\\b"           | /files/0/path              | forward slashes
                                            "version": "2"            | "version": "latest"        | /version                   | word of the API
                                            "version": "2"            | "version": "a/b"           | /version                   | letter or digit first
                                            "type": "penguins"        | "type": "Penguins"         | /type                      | letter or digit first
                                            "type": "penguins"        | "type": "penguins\\n"      | /type                      | letter or digit first
                                            "ttl_seconds": 300        | "ttl_second": 300          | /cache                     | enabled, ttl_seconds
                                            "inputs": "full"          | "inputs": "some"           | /log/inputs                | full
                                            "minimum": 30             | "minimum": 90              | /inputs/0/features/0       | above the maximum
                                            ["Adelie","Chinstrap","Gentoo"] | ["Adelie","Gentoo","x","y"] | /outputs/0/labels    | last axis
                                            "shape": [-1, 1]          | "shape": [-1, 4]           | /inputs/0/features         | 4 values
                                            "shape": [-1, 1]          | "shape": [-1, 1e30]        | /inputs/0/shape/1          | maximum
                                            "tolerance": 1e-6         | "tolerance": 1e999         | /examples/0/tolerance      | range of a double
                                            "2026-11-20T11:00:00+01:00" | "yesterday"              | /created_at                | date-time
                                            "2026-11-20T11:00:00+01:00" | "2026-11-20T11:00:00"    | /created_at                | offset
                                            "team": "birds"           | "team": 5                  | /labels/team               | string
                                            "schema_version": 1       | "schema_version": "1"      | /schema_version            | 1
                                            "postprocessing": {"labels": true} | "postprocessing": null | /postprocessing        | null found
                                            "postprocessing": {"labels": true} | "postprocessing": {"softmaks": true} | /postprocessing | labels, outputs, round, sigmoid, softmax
                                            "postprocessing": {"labels": true} | "postprocessing": {"top_k": 0} | /postprocessing/top_k | minimum
                                            "postprocessing": {"labels": true} | "postprocessing": {"outputs": {"y": {"threshold": 2}}} | /postprocessing/outputs/y/threshold | maximum
                                            "preprocessing": {}       | "preprocessing": {"sacle": 1}  | /preprocessing             | axis, clip, fill, map, mean
                                            "preprocessing": {}       | "preprocessing": {"mean": "1"} | /preprocessing/mean        | string found
                                            "preprocessing": {}       | "preprocessing": {"clip": {"min": [1, "a"]}} | /preprocessing/clip/min/1 | string found
                                            "preprocessing": {}       | "preprocessing": {"map": {"a": {"unknown": 1}}} | /preprocessing/map/a | 'categories' is missing
                                            """)
    void saysWhereAManifestIsWrong(String right, String wrong, String pointer, String detail) {
        assertThat(WHOLE).contains(right);
        assertThatThrownBy(() -> FORMAT.readManifest(WHOLE.replace(right, wrong).getBytes(UTF_8)))
                .asInstanceOf(type(InvalidDocumentException.class))
                .satisfies(e -> assertThat(e.problems()).extracting(Problem::pointer).contains(pointer))
                .satisfies(e -> assertThat(e).hasMessageContaining(detail));
    }

    @Test
    void refusesOneFileUnderTwoEntriesAndAFileThatIsAFolder() {
        String file = "{\"path\": \"%s\", \"size\": 1, \"sha256\": \"" + "0".repeat(64) + "\"}";
        assertThatThrownBy(() -> readFiles(file.formatted("a"), file.formatted("a")))
                .hasMessageContaining("/files/1/path: 'a' is there twice");
        assertThatThrownBy(() -> readFiles(file.formatted("a"), file.formatted("a/b")))
                .hasMessageContaining("/files/0/path: 'a' is a file here and a folder for another");
    }

    private static void readFiles(String first, String second) throws InvalidDocumentException {
        FORMAT.readManifest(SMALL.replaceFirst("\"files\": \\[.*]", "\"files\": [" + first + "," + second + "]")
                .getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{} {}", "{\"type\": \"a\", \"type\": \"b\"}", "{'type': 1}",
            "{\"a\": NaN}",
            "// no\n{}"})
    void refusesWhatIsNotStrictJson(String text) {
        assertThatThrownBy(() -> FORMAT.readManifest(text.getBytes(UTF_8)))
                .isInstanceOf(InvalidDocumentException.class).hasMessageContaining("not");
    }

    @Test
    void knowsADocumentOfANewerFormFromABrokenOne() {
        assertThatThrownBy(() -> FORMAT.readRouting("""
                                                    {"schema_version": 2, "anything": []}
                                                    """.getBytes(UTF_8)))
                .asInstanceOf(type(InvalidDocumentException.class))
                .satisfies(e -> assertThat(e.isNewerForm()).isTrue()).satisfies(e -> assertThat(e)
                        .hasMessageContaining("upgrade"));
        assertThatThrownBy(() -> FORMAT.readRouting("{}".getBytes(UTF_8)))
                .asInstanceOf(type(InvalidDocumentException.class))
                .satisfies(e -> assertThat(e.isNewerForm()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"aliases\": {\"latest\": \"1\"}", "\"aliases\": {\"@a\": \"1\"}", "\"activ\": \"1\"",
            "\"active_digest\": \"" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"",
            "\"active\": \"../1\""})
    void refusesWrongRouting(String member) {
        assertThatThrownBy(
                () -> FORMAT.readRouting("""
                                         {"type": "t", "revision": 1,
                                          "change": {"id": "x", "at": "2026-11-20T10:00:00Z", "action": "activate"}, %s}
                                         """.formatted(member).getBytes(UTF_8)))
                .isInstanceOf(InvalidDocumentException.class);
    }

    @Test
    void refusesAKeyWithALimitThatItDoesNotKnow() {
        assertThatThrownBy(
                () -> FORMAT.readKey("""
                                     {"id": "a", "revision": 1, "change_id": "x", "hash": "%s", "roles": ["read"],
                                      "created_at": "2026-11-20T10:00:00Z", "networks": ["10.0.0.0/8"]}
                                     """.formatted("0".repeat(64)).getBytes(UTF_8))).hasMessageContaining("'networks'");
    }

    @Test
    void readsAChangeOfANewerForm() throws Exception {
        ChangeNotice change = FORMAT
                .readChange("""
                            {"at": "2026-11-20T10:00:00Z", "documents": ["routing/t/0000000001.json"], "replica": "a"}
                            """.getBytes(UTF_8));
        assertThat(change.documents()).containsExactly("routing/t/0000000001.json");
    }

    @Test
    void neverWritesWhatItWouldNotRead() {
        Manifest manifest = Manifests.of("penguins", "2", Manifests.CREATED, null, "not a digest");
        assertThatThrownBy(() -> FORMAT.write(manifest)).isInstanceOf(InvalidDocumentException.class)
                .hasMessageContaining("/files/0/sha256");
        assertThatThrownBy(() -> FORMAT.write(Manifests.of("penguins", "latest")))
                .isInstanceOf(InvalidDocumentException.class).hasMessageContaining("/version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest", "routing", "platform", "key", "change"})
    void everySchemaKeepsToItsOwnSchema(String name) throws IOException {
        JsonNode schema;
        try (InputStream in = getClass().getResourceAsStream("/registry-schema/" + name + ".schema.json")) {
            schema = new ObjectMapper().readTree(in);
        }
        var metaSchema = SchemaRegistry
                .withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(metaSchema.validate(schema)).isEmpty();
        assertThat(schema.get("description").asText()).isNotBlank();
    }
}
