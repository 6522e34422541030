package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.serving.ServableMemory.Basis;
import jakarta.inject.Singleton;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What models will take of memory, judged by the best that is known: what the same digest took before, here or where it was
 * tried; else the size of its files times a factor of its runtime, which is learned from what is measured. Safe for use by
 * many threads.
 */
@Singleton
class MemoryEstimates {
    /** What any model takes, for all that is not in its files: a session, a graph, objects of the heap. */
    static final long LEAST = 128 << 10;
    /** Below this size a file tells little about what its model takes, so nothing is learned from it. */
    private static final long TELLING = 1 << 20;
    /** How far a measurement may be from the estimate: more is the doing of somebody else at the same time. */
    private static final long MOST_TIMES = 4;
    private static final long MOST_BESIDES = 16L << 20;
    private static final int REMEMBERED = 10_000;
    private static final double WEIGHT = 0.25;
    /** Where nothing was learned yet; a runtime that is not in it begins as the hungriest. See bench/README.md. */
    private static final Map<String, Double> FIRST_FACTORS = Map.of("onnx", 1.9, "tensorflow", 1.5, "xgboost", 1.6);
    private static final double FIRST_FACTOR = 2.0;

    private final List<KnownMemory> known;
    private final Map<String, Double> factors = new ConcurrentHashMap<>(FIRST_FACTORS);
    /** Those whose library is in memory. */
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    /** By digest; guarded by itself. */
    private final Map<String, Long> measured = new LinkedHashMap<>();

    MemoryEstimates(List<KnownMemory> known) {
        this.known = List.copyOf(known);
    }

    /** What room has to be made for. */
    ServableMemory of(Model model) {
        Long before;
        synchronized (measured) {
            before = measured.get(model.digest());
        }
        if (before != null) {
            return new ServableMemory(before, Basis.MEASURED, OptionalLong.empty());
        }
        for (KnownMemory elsewhere : known) {
            OptionalLong bytes = elsewhere.bytes(model);
            if (bytes.isPresent()) {
                return new ServableMemory(Math.max(LEAST, bytes.getAsLong()), Basis.TRIAL, OptionalLong.empty());
            }
        }
        return ofFiles(model);
    }

    /** As {@link #of}, where nothing but the manifest is known yet. */
    ServableMemory ofFiles(Model model) {
        return new ServableMemory(fromFiles(model), Basis.FILES, OptionalLong.empty());
    }

    /**
     * Learns from a load.
     *
     * @param grown by how much native memory grew
     * @return what the model is taken to need; empty where nothing was measured
     */
    OptionalLong learn(Model model, OptionalLong grown) {
        // The first load of a runtime brings its library, too.
        boolean isFirst = begun.add(model.manifest().runtime());
        if (grown.isEmpty() || isFirst) {
            return OptionalLong.empty();
        }
        long most = MOST_TIMES * of(model).estimatedBytes() + MOST_BESIDES;
        long bytes = Math.clamp(grown.getAsLong(), LEAST, most);
        synchronized (measured) {
            measured.remove(model.digest());
            measured.put(model.digest(), bytes);
            if (measured.size() > REMEMBERED) {
                measured.remove(measured.keySet().iterator().next());
            }
        }
        long files = model.manifest().totalSize();
        if (files >= TELLING) {
            factors.merge(model.manifest().runtime(), (double) bytes / files,
                    (old, now) -> old + WEIGHT * (now - old));
        }
        return OptionalLong.of(bytes);
    }

    private long fromFiles(Model model) {
        double factor = factors.getOrDefault(model.manifest().runtime(), FIRST_FACTOR);
        return LEAST + Math.round(factor * model.manifest().totalSize());
    }
}
