package io.modelyard.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.runtime.InvalidModelException;
import ml.dmlc.xgboost4j.java.XGBoostError;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Damages good models at random. The check refuses them with its own exception and no other; what it lets through, the
 * native library survives: were it otherwise, this test would end with its JVM.
 */
final class ModelFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> INDICES = List.of("left_children", "right_children", "parents", "split_indices",
            "split_type", "default_left", "categories", "categories_nodes", "categories_segments", "categories_sizes");
    private static final Map<Saved, byte[]> MODELS = new HashMap<>();

    record Flip(double place, int bit) {}

    record Change(String array, double place, int value) {}

    @Property(seed = "2611", tries = 1500)
    void flippedBitsOfUbjsonAreRefusedOrHarmless(@ForAll KnownModels model, @ForAll("flips") List<Flip> flips)
            throws Exception {
        survives(flip(bytes(model, "ubj"), flips), false);
    }

    @Property(seed = "2611", tries = 1500)
    void flippedBitsOfJsonAreRefusedOrHarmless(@ForAll KnownModels model, @ForAll("flips") List<Flip> flips)
            throws Exception {
        survives(flip(bytes(model, "json"), flips), false);
    }

    @Property(seed = "2611", tries = 200)
    void whatTheCheckLetsThroughAfterAFlipTheLibrarySurvives(@ForAll KnownModels model,
            @ForAll("flip") Flip flip) throws Exception {
        survives(flip(bytes(model, "ubj"), List.of(flip)), true);
    }

    @Property(seed = "2611", tries = 1000)
    void aPartOfAFileIsAlwaysRefused(@ForAll KnownModels model, @ForAll boolean json,
            @ForAll("places") double place) throws Exception {
        byte[] whole = bytes(model, json ? "json" : "ubj");
        byte[] part = Arrays.copyOf(whole, (int) (whole.length * place));
        assertThat(refuses(part)).isTrue();
    }

    @Property(seed = "2611", tries = 1000)
    void noiseInTheMiddleIsRefusedOrHarmless(@ForAll KnownModels model, @ForAll boolean json,
            @ForAll("places") double place, @ForAll @Size(min = 1, max = 40) byte[] noise) throws Exception {
        byte[] damaged = bytes(model, json ? "json" : "ubj").clone();
        int start = (int) (damaged.length * place);
        System.arraycopy(noise, 0, damaged, start, Math.min(noise.length, damaged.length - start));
        survives(damaged, false);
    }

    @Property(seed = "2611", tries = 600)
    void indicesOutOfRangeAreRefused(@ForAll KnownModels model, @ForAll("change") Change change,
            @ForAll("outOfRange") int value) throws Exception {
        ObjectNode document = (ObjectNode) JSON.readTree(bytes(model, "json"));
        ArrayNode array = arrayOf(document, change);
        // A flag can be any number.
        if (array == null || change.array().equals("default_left")) {
            return;
        }
        array.set((int) (array.size() * change.place()), JSON.getNodeFactory().numberNode(value));
        assertThat(refuses(JSON.writeValueAsBytes(document))).isTrue();
    }

    @Property(seed = "2611", tries = 600)
    void indicesInRangeAreRefusedOrHarmless(@ForAll KnownModels model,
            @ForAll("changes") List<Change> changes) throws Exception {
        ObjectNode document = (ObjectNode) JSON.readTree(bytes(model, "json"));
        for (Change change : changes) {
            ArrayNode array = arrayOf(document, change);
            if (array != null) {
                array.set((int) (array.size() * change.place()), JSON.getNodeFactory().numberNode(change.value()));
            }
        }
        survives(JSON.writeValueAsBytes(document), true);
    }

    @Provide
    Arbitrary<Double> places() {
        return Arbitraries.doubles().between(0, true, 1, false).ofScale(6);
    }

    @Provide
    Arbitrary<Flip> flip() {
        return Combinators.combine(places(), Arbitraries.integers().between(0, 7)).as(Flip::new);
    }

    @Provide
    Arbitrary<List<Flip>> flips() {
        return flip().list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Change> change() {
        return Combinators.combine(Arbitraries.of(INDICES), places(), Arbitraries.integers().between(-1, 40))
                .as(Change::new);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        return change().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<Integer> outOfRange() {
        return Arbitraries.oneOf(Arbitraries.integers().between(Integer.MIN_VALUE, -2),
                Arbitraries.integers().between(1 << 24, Integer.MAX_VALUE - 1));
    }

    /** The array that is to be changed, in the second tree; null if this model has none or it is empty. */
    private static @Nullable ArrayNode arrayOf(ObjectNode document, Change change) {
        return document.at("/learner/gradient_booster/model/trees/1/" + change.array()) instanceof ArrayNode array
                && !array.isEmpty() ? array : null;
    }

    private static byte[] flip(byte[] good, List<Flip> flips) {
        byte[] damaged = good.clone();
        for (Flip flip : flips) {
            damaged[(int) (damaged.length * flip.place())] ^= (byte) (1 << flip.bit());
        }
        return damaged;
    }

    private static boolean refuses(byte[] content) {
        try {
            XgboostRuntime.check("model", content);
            return false;
        } catch (InvalidModelException e) {
            assertThat(e.reason()).startsWith("model: ");
            return true;
        }
    }

    private static void survives(byte[] content, boolean natively) throws IOException {
        if (refuses(content) || !natively) {
            return;
        }
        Path folder = Files.createTempDirectory("fuzz");
        try (Loaded loaded = new Loaded(content, folder)) {
            for (int rows : new int[]{1, 2, 70}) {
                assertThat(loaded.predict(Trained.rows(0, rows)).length).isPositive();
            }
        } catch (InvalidModelException e) {
            // The library has reasons of its own to refuse a file.
            assertThat(e.reason()).contains("XGBoost cannot load it");
        } finally {
            Files.deleteIfExists(folder.resolve("some.model"));
            Files.delete(folder);
        }
    }

    private static byte[] bytes(KnownModels model, String format) {
        return MODELS.computeIfAbsent(new Saved(model, format), Saved::bytes);
    }

    private record Saved(KnownModels model, String format) {
        byte[] bytes() {
            try {
                return model.bytes(format);
            } catch (XGBoostError e) {
                throw new AssertionError(e);
            }
        }
    }
}
