package io.modelyard.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.model.ApiKey;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Example;
import io.modelyard.model.Experiment;
import io.modelyard.model.KeyLimits;
import io.modelyard.model.Manifest;
import io.modelyard.model.Role;
import io.modelyard.model.Routing;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is written is read as the same, and written again as the same bytes. */
final class DocumentRoundTripTest {
    private static final DocumentFormat FORMAT = new DocumentFormat();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PREPROCESSING = List.of("{}", "{\"normalize\":true,\"scale\":255.0}",
            "{\"map\":{\"a\":{\"categories\":{\"x\":1.5},\"unknown\":null}},\"fill\":[1,null]}",
            "{\"clip\":{\"min\":{\"a\":0},\"max\":[1,null]},\"mean\":[1,2],\"std\":[3],\"axis\":1}");
    private static final List<String> POSTPROCESSING = List.of("{}", "{\"labels\":[\"a\",\"b\"],\"top_k\":3}",
            "{\"softmax\":true,\"outputs\":{\"y\":{\"sigmoid\":true,\"threshold\":0.25,\"round\":2}}}");

    @Property(seed = "2611", tries = 300)
    void aManifestComesBackAsItWas(@ForAll("manifests") Manifest manifest) throws Exception {
        byte[] written = FORMAT.write(manifest);
        Manifest read = FORMAT.readManifest(written);

        assertThat(read).isEqualTo(manifest);
        assertThat(FORMAT.write(read)).isEqualTo(written);
    }

    @Property(seed = "2611", tries = 300)
    void aRoutingComesBackAsItWas(@ForAll("routings") Routing routing) throws Exception {
        byte[] written = FORMAT.write(routing);
        Routing read = FORMAT.readRouting(written);

        assertThat(read).isEqualTo(routing);
        assertThat(FORMAT.write(read)).isEqualTo(written);
    }

    @Property(seed = "2611", tries = 300)
    void aKeyComesBackAsItWas(@ForAll("keys") ApiKey key) throws Exception {
        byte[] written = FORMAT.write(key);
        ApiKey read = FORMAT.readKey(written);

        assertThat(read).isEqualTo(key);
        assertThat(FORMAT.write(read)).isEqualTo(written);
    }

    @Provide
    Arbitrary<Manifest> manifests() {
        Arbitrary<Manifest> named = Combinators
                .combine(types(), versions(), words().injectNull(0.3), files(), tensors(), tensors(),
                        examples().list().ofMaxSize(2), instants())
                .as((type, version, push, files, inputs, outputs, examples, at) -> new Manifest(1, type, version,
                        "xgboost", push, files, inputs, outputs, examples, null, null, true, Map.of(), null, null,
                        null, null, at, null, Map.of()));
        Arbitrary<Map<String, JsonNode>> options = Arbitraries.maps(texts(), json()).ofMaxSize(3);
        Arbitrary<Manifest.CacheOptions> cache = Combinators
                .combine(Arbitraries.of(true, false).injectNull(0.3),
                        Arbitraries.integers().greaterOrEqual(0).injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.3))
                .as(Manifest.CacheOptions::new);
        Arbitrary<Manifest.LogOptions> log = Arbitraries.of("full", "none").injectNull(0.3)
                .map(Manifest.LogOptions::new);
        return Combinators
                .combine(named, steps(PREPROCESSING).injectNull(0.5), steps(POSTPROCESSING).injectNull(0.5), options,
                        cache.injectNull(0.5),
                        log.injectNull(0.5), objects().injectNull(0.5), Arbitraries.maps(texts(), texts()).ofMaxSize(3))
                .as((m, preprocessing, postprocessing, runtimeOptions, caching, logging, training,
                        labels) -> new Manifest(
                                1, m.type(), m.version(), m.runtime(), m.push(), m.files(), m.inputs(), m.outputs(),
                                m.examples(), preprocessing, postprocessing, labels.isEmpty(), runtimeOptions, caching,
                                logging, labels.isEmpty() ? null : new Manifest.BatchingOptions(true, 4, null),
                                training, m.createdAt(), labels.isEmpty() ? null : "ci", labels));
    }

    @Provide
    Arbitrary<Routing> routings() {
        Arbitrary<Routing.Retirement> retirement = Combinators
                .combine(instants(), texts().injectNull(0.3), texts().injectNull(0.3), instants().injectNull(0.5),
                        Arbitraries.of(true, false))
                .as((at, by, reason, purging, purged) -> new Routing.Retirement(at, by, reason, purging,
                        purged ? purging : null));
        Arbitrary<Routing.Change> change = Combinators
                .combine(words(), instants(), texts().injectNull(0.3), words(), texts().injectNull(0.3),
                        texts().injectNull(0.3), texts().injectNull(0.3))
                .as(Routing.Change::new);
        return Combinators
                .combine(types(), Arbitraries.longs().between(1, 9_999_999_999L), versions().injectNull(0.3),
                        Arbitraries.maps(types(), versions()).ofMaxSize(4),
                        Arbitraries.maps(versions(), retirement).ofMaxSize(4), experiments().injectNull(0.3), change)
                .as((type, revision, active, aliases, retired, experiment, why) -> new Routing(type, revision, active,
                        active == null ? null
                                : DocumentFormat.digest(active.getBytes(
                                        UTF_8)),
                        active, aliases, retired, experiment, why));
    }

    private static Arbitrary<Experiment> experiments() {
        Arbitrary<Experiment.Arm> arm = Combinators
                .combine(versions(), versions(), Arbitraries.doubles().between(0, 1_000_000), instants())
                .as(Experiment.Arm::new);
        Arbitrary<Experiment.HashOn> hashOn = Arbitraries.of(new Experiment.HashOn("X-Session-Id", null),
                new Experiment.HashOn(null, "bill length (mm)"));
        Arbitrary<Experiment.Goal> goal = Combinators
                .combine(Arbitraries.of("accuracy", "reward", "log_loss", "rmse"),
                        Arbitraries.doubles().between(0, 0.5), instants().injectNull(0.5))
                .as(Experiment.Goal::new);
        return Combinators.combine(versions(), Arbitraries.of(Experiment.Strategy.class), words(),
                hashOn.injectNull(0.5), arm.list().ofMinSize(1).ofMaxSize(4), goal.injectNull(0.5), instants(),
                instants().injectNull(0.5)).as(Experiment::new);
    }

    @Provide
    Arbitrary<ApiKey> keys() {
        return Combinators
                .combine(words(), Arbitraries.longs().between(1, 9_999_999_999L), words(), texts().injectNull(0.3),
                        Arbitraries.of(Role.class).set(), types().set().ofMaxSize(4), instants().injectNull(0.3),
                        Arbitraries.of(true, false))
                .as((id, revision, changeId, name, roles, types, expires, revoked) -> new ApiKey(id, revision,
                        changeId, name, "0".repeat(64), roles, types, expires, revoked, Manifests.CREATED, name,
                        limits(roles.size()),
                        expires == null ? null : new ApiKey.PreviousSecret("1".repeat(64), expires),
                        name == null ? null : new ApiKey.Change(Manifests.CREATED, name, "rotate", name)));
    }

    private static @Nullable KeyLimits limits(int size) {
        KeyLimits.Rate rate = KeyLimits.Rate.of(size + 0.5);
        return size == 0 ? null : new KeyLimits(size == 1 ? null : rate, size == 2 ? null : rate);
    }

    private static Arbitrary<List<ArtifactFile>> files() {
        Arbitrary<String> paths = words().list().ofMinSize(1).ofMaxSize(3)
                // A folder's name and a file's differ, so that no path is both.
                .map(segments -> String.join("/", segments.subList(0, segments.size() - 1).stream().map(s -> "d" + s)
                        .toList()) + (segments.size() > 1 ? "/" : "") + "f" + segments.getLast());
        return paths.list().uniqueElements().ofMinSize(1).ofMaxSize(4).flatMap(names -> Arbitraries.longs()
                .between(0, 1L << 40).map(size -> names.stream().map(
                        name -> new ArtifactFile(name, size, DocumentFormat.digest(new byte[]{size.byteValue()})))
                        .toList()));
    }

    private static Arbitrary<List<TensorSpec>> tensors() {
        Arbitrary<@Nullable Double> bounds = Arbitraries.doubles().between(-1e9, 0).injectNull(0.3);
        Arbitrary<List<Feature>> features = Combinators
                .combine(texts().filter(text -> !text.isEmpty()).list().uniqueElements().ofMaxSize(4),
                        texts().injectNull(0.5), bounds)
                .as((names, unit, bound) -> names.stream()
                        .map(name -> new Feature(name, unit, bound, bound == null ? null : -bound)).toList());
        Arbitrary<Shape> shapes = Arbitraries.longs().between(-1, 5).list().ofMaxSize(3)
                .map(dims -> dims.isEmpty() ? Shape.of() : Shape.of(dims).times(Shape.ANY));
        Arbitrary<TensorSpec> plain = Combinators.combine(words(), Arbitraries.of(DataType.class), shapes,
                Arbitraries.of(true, false)).as(
                        (name, dtype, shape, onRequest) -> new TensorSpec(name, dtype, shape,
                                List.of(), List.of(), onRequest));
        Arbitrary<TensorSpec> tabular = Combinators.combine(words(), features).as((name, columns) -> TensorSpec
                .of(name, DataType.FLOAT32, Shape.of(-1, columns.size())).withFeatures(columns));
        Arbitrary<TensorSpec> labelled = Combinators.combine(words(), texts().list().ofMaxSize(4))
                .as((name, labels) -> TensorSpec.of(name, DataType.FLOAT64, Shape.of(-1, labels.size()))
                        .withLabels(labels));
        return Arbitraries.oneOf(plain, tabular, labelled).list().uniqueElements(TensorSpec::name).ofMaxSize(3);
    }

    private static Arbitrary<Example> examples() {
        return Combinators
                .combine(json().list().ofMaxSize(3), json().list().ofMaxSize(3).injectNull(0.3),
                        Arbitraries.doubles().between(0, 1).injectNull(0.3))
                .as((inputs, outputs, tolerance) -> new Example(array(inputs), outputs == null ? null : array(outputs),
                        tolerance));
    }

    private static JsonNode array(List<JsonNode> elements) {
        return reread(JSON.createArrayNode().addAll(elements));
    }

    private static Arbitrary<JsonNode> steps(List<String> texts) {
        return Arbitraries.of(texts).map(text -> {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Arbitrary<JsonNode> objects() {
        return Arbitraries.maps(texts(), json()).ofMaxSize(3).map(members -> reread(JSON.valueToTree(members)));
    }

    private static Arbitrary<JsonNode> json() {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(texts().map(text -> (Object) text),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.of(true, false).map(truth -> (Object) truth)).map(value -> reread(JSON.valueToTree(value)));
        return Arbitraries.frequencyOf(Tuple.of(4, leaves),
                Tuple.of(1, leaves.list().ofMaxSize(3).map(DocumentRoundTripTest::array)));
    }

    /** As a parser makes it: an int where a long is short enough, for example. */
    private static JsonNode reread(JsonNode node) {
        try {
            return JSON.readTree(JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Arbitrary<String> types() {
        return Arbitraries.strings().withCharRange('a', 'z').withChars("0._-").ofMaxLength(20)
                .map(rest -> "t" + rest);
    }

    private static Arbitrary<String> versions() {
        return Arbitraries.strings().withCharRange('A', 'z').withChars("09._-").ofMaxLength(20)
                .map(rest -> "1" + rest.replaceAll("[^A-Za-z0-9._-]", ""));
    }

    private static Arbitrary<String> words() {
        return Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(12);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(8).filter(text -> text.chars()
                .noneMatch(c -> Character.isSurrogate((char) c)));
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, 4_000_000_000L).flatMap(second -> Arbitraries.integers()
                .between(0, 999_999_999).map(nano -> Instant.ofEpochSecond(second, nano)));
    }
}
