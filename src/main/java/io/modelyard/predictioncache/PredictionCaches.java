package io.modelyard.predictioncache;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.serving.ModelMetrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tiers, the nearest first, and what is known of each model. Safe for use by many threads.
 */
@Singleton
public final class PredictionCaches implements ModelMetrics {
    private final PredictionCacheConfiguration configuration;
    private final PredictionCache near;
    private final @Nullable PredictionCache far;
    private final Evaluators evaluators;
    /** By digest; one small object for every model that was ever asked for. */
    private final ConcurrentHashMap<String, CachedModel> models = new ConcurrentHashMap<>();

    @Inject
    PredictionCaches(PredictionCacheConfiguration configuration, @Nullable PredictionCache far, Evaluators evaluators) {
        this(configuration, new MemoryPredictionCache(configuration.maxBytes(), System::nanoTime), far, evaluators);
    }

    /**
     * @param near answers at once
     * @param far that replicas share, or null
     */
    PredictionCaches(PredictionCacheConfiguration configuration, PredictionCache near, @Nullable PredictionCache far,
            Evaluators evaluators) {
        this.configuration = configuration;
        this.near = near;
        this.far = far;
        this.evaluators = evaluators;
    }

    PredictionCache near() {
        return near;
    }

    Optional<PredictionCache> far() {
        return Optional.ofNullable(far);
    }

    /** The nearest first. */
    public List<PredictionCache> tiers() {
        return far == null ? List.of(near) : List.of(near, far);
    }

    PredictionCacheConfiguration configuration() {
        return configuration;
    }

    CachedModel cached(Model model) {
        CachedModel known = models.get(model.digest());
        return known != null ? known : models.computeIfAbsent(model.digest(), digest -> begin(model));
    }

    /** What the model's answers were; empty where it was never asked for since the start. */
    public Optional<CacheUse> use(Model model) {
        return Optional.ofNullable(models.get(model.digest())).map(CachedModel::use);
    }

    @Override
    public String name() {
        return "cache";
    }

    @Override
    public Optional<Map<String, Object>> of(Model model) {
        return use(model).map(CacheUse::members);
    }

    private CachedModel begin(Model model) {
        Manifest manifest = model.manifest();
        String evaluator = manifest.runtime() + " " + evaluators.library(manifest.runtime()) + " "
                + System.getProperty("os.arch");
        return new CachedModel(new CacheKeys(model.digest(), evaluator), configuration.ttl(manifest.cache()),
                configuration.policy(), near, far);
    }
}
