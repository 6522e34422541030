package io.modelyard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelyard.model.Model;
import io.modelyard.predict.AnswerSource;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import io.modelyard.transform.Step;
import io.modelyard.transform.StepTimes;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts and times predictions by type, version and outcome. A request that found no model counts under the type and version
 * {@code none}, so that names made up by callers make no series.
 */
@Singleton
final class PredictionMeters implements ExchangeObserver {
    private static final String NONE = "none";

    private final MeterRegistry registry;
    private final ConcurrentHashMap<Key, Meters> meters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<StepKey, Timer> steps = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SourceKey, Counter> sources = new ConcurrentHashMap<>();
    private final LongAdder cached = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    private record Key(String type, String version, String outcome) {}

    private record StepKey(Key of, Step step) {}

    private record SourceKey(String type, String version, AnswerSource source) {}

    private record Meters(Timer total, Timer queue, Timer inference, Counter rows) {}

    PredictionMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void observed(Exchange exchange) {
        Model model = exchange.model();
        String code = exchange.code();
        Key key = new Key(model == null ? NONE : model.id().type(), model == null ? NONE : model.id().version(),
                code == null ? "ok" : code);
        Meters of = meters.computeIfAbsent(key, this::register);
        of.total().record(exchange.timing().total(), TimeUnit.NANOSECONDS);
        of.rows().increment(exchange.rows());
        if (code == null) {
            of.queue().record(exchange.timing().queue(), TimeUnit.NANOSECONDS);
            of.inference().record(exchange.timing().inference(), TimeUnit.NANOSECONDS);
            sources.computeIfAbsent(new SourceKey(key.type(), key.version(), exchange.source()), this::register)
                    .increment();
            if (exchange.cached()) {
                cached.increment();
            }
        } else {
            errors.increment();
        }
        StepTimes times = exchange.timing().steps();
        for (Step step : times.steps()) {
            steps.computeIfAbsent(new StepKey(key, step), this::register).record(times.nanos(step),
                    TimeUnit.NANOSECONDS);
        }
        requests.increment();
        nanos.add(exchange.timing().total());
    }

    long requests() {
        return requests.sum();
    }

    long errors() {
        return errors.sum();
    }

    /** Answers that were computed before. */
    long cached() {
        return cached.sum();
    }

    Duration time() {
        return Duration.ofNanos(nanos.sum());
    }

    private Meters register(Key key) {
        String[] tags = {"type", key.type(), "version", key.version(), "outcome", key.outcome()};
        return new Meters(timer("modelyard.prediction", "From the last byte of the request to the answer", tags),
                timer("modelyard.prediction.queue", "Waiting for a thread and for the model", tags),
                timer("modelyard.prediction.inference", "Computing", tags),
                Counter.builder("modelyard.prediction.rows").description("Rows predicted").tags(tags)
                        .register(registry));
    }

    private Counter register(SourceKey key) {
        return Counter.builder("modelyard.prediction.answers").description("Answers by where they came from")
                .tags("type", key.type(), "version", key.version(), "source", key.source().word()).register(registry);
    }

    private Timer register(StepKey key) {
        return Timer.builder("modelyard.prediction.step").description("One step of pre- or post-processing")
                .tags("type", key.of().type(), "version", key.of().version(), "outcome", key.of().outcome(), "step",
                        key.step().jsonName())
                .register(registry);
    }

    private Timer timer(String name, String description, String... tags) {
        return Timer.builder(name).description(description).tags(tags)
                .serviceLevelObjectives(Duration.ofNanos(100_000), Duration.ofNanos(250_000), Duration.ofNanos(500_000),
                        Duration.ofMillis(1), Duration.ofNanos(2_500_000), Duration.ofMillis(5), Duration.ofMillis(10),
                        Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
                        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5))
                .register(registry);
    }
}
