package io.modelyard.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelyard.model.Model;
import io.modelyard.serving.LoadWatch;
import io.modelyard.trial.TrialWatch;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/** How long loads of models take, and trials of new ones. */
@Singleton
final class LoadMeters implements LoadWatch, TrialWatch {
    private static final Duration[] BOUNDS = Stream.of(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
            300_000).map(Duration::ofMillis).toArray(Duration[]::new);

    private final MeterRegistry registry;

    LoadMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ready(Model model, Times times) {
        load(model, "ok", times.total());
        part(model, "files", times.files());
        part(model, "room", times.room());
        part(model, "read", times.read());
        part(model, "warm_up", times.warmUp());
    }

    @Override
    public void failed(Model model, boolean forRoom, Duration took) {
        load(model, forRoom ? "no_room" : "failed", took);
    }

    @Override
    public void tried(String runtime, End end, Duration took) {
        Timer.builder("modelyard.trial").description("Trials of new models in a process of their own")
                .tags("runtime", runtime, "outcome", end.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BOUNDS).register(registry).record(took);
    }

    private void load(Model model, String outcome, Duration took) {
        Timer.builder("modelyard.serving.load").description("Loads of models, from their begin to their end")
                .tags("runtime", model.manifest().runtime(), "outcome", outcome)
                .serviceLevelObjectives(BOUNDS).register(registry).record(took);
    }

    private void part(Model model, String part, Duration took) {
        Timer.builder("modelyard.serving.load.part").description("Parts of the loads that came to their end")
                .tags("runtime", model.manifest().runtime(), "part", part).register(registry).record(took);
    }
}
