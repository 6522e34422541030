package io.modelyard;

import io.micronaut.context.annotation.Factory;
import io.modelyard.predict.BatchWatch;
import io.modelyard.predict.BatchingPredictor;
import io.modelyard.predict.PredictionThreads;
import io.modelyard.predict.Predictor;
import io.modelyard.predict.ServedPredictor;
import io.modelyard.predictioncache.CachedPredictor;
import io.modelyard.predictioncache.Evaluators;
import io.modelyard.predictioncache.PredictionCaches;
import io.modelyard.registry.KnownRuntimes;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What is put together from several rooms: the order of the Predictors, and the clock that all read. */
@Factory
final class Wiring {
    /** cached( batched( served )): an answer is looked for from the outside in. */
    @Singleton
    Predictor predictor(PredictionThreads threads, PredictionCaches caches, BatchWatch watch) {
        return new CachedPredictor(new BatchingPredictor(new ServedPredictor(), threads, watch), caches,
                threads::resume);
    }

    @Singleton
    Evaluators evaluators(List<ModelRuntime> runtimes) {
        Map<String, ModelRuntime> byName = runtimes.stream()
                .collect(Collectors.toMap(ModelRuntime::name, Function.identity()));
        return name -> Optional.ofNullable(byName.get(name)).map(ModelRuntime::library).orElseThrow();
    }

    @Singleton
    KnownRuntimes knownRuntimes(List<ModelRuntime> runtimes) {
        return new KnownRuntimes(runtimes.stream().map(ModelRuntime::name).collect(Collectors.toSet()));
    }

    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }
}
