package io.modelyard.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.model.ModelId;
import io.modelyard.predict.PredictionLoad;
import io.modelyard.serving.ServableMemory;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The models in memory, as they are when they are asked for: by state, what each takes, how many requests it has. */
@Context
final class ServingSeries implements MultiCollector {
    private static final Family STATES = new Family("modelyard_servables",
            "Models by state, from the first time that they were asked for");
    private static final Family MEMORY = new Family("modelyard_servable_memory_bytes",
            "Bytes that a model takes, measured or else estimated");
    private static final Family IN_FLIGHT = new Family("modelyard_prediction_model_in_flight",
            "Requests for the model that are under way");

    private final Servables servables;
    private final PredictionLoad load;
    private final ModelLedger ledger;

    ServingSeries(PrometheusMeterRegistry registry, Servables servables, PredictionLoad load, ModelLedger ledger) {
        this.servables = servables;
        this.load = load;
        this.ledger = ledger;
        registry.getPrometheusRegistry().register(this);
    }

    @Override
    public MetricSnapshots collect() {
        List<ServableStatus> statuses = servables.statuses();
        Set<ModelId> owners = ledger.owners();
        Scrape scrape = new Scrape();
        states(scrape, statuses);
        long otherBytes = 0;
        long otherRequests = 0;
        boolean others = false;
        for (ServableStatus status : statuses) {
            if (status.memory().isPresent()) {
                long bytes = status.memory().map(ServableMemory::bytes).orElse(0L);
                int requests = load.inFlight(status.model());
                ModelId id = status.model().id();
                if (owners.contains(id)) {
                    scrape.gauge(MEMORY, ModelSeries.labels(id), (double) bytes);
                    scrape.gauge(IN_FLIGHT, ModelSeries.labels(id), requests);
                } else {
                    others = true;
                    otherBytes += bytes;
                    otherRequests += requests;
                }
            }
        }
        if (others) {
            scrape.gauge(MEMORY, ModelSeries.labels(ModelLedger.OTHER), (double) otherBytes);
            scrape.gauge(IN_FLIGHT, ModelSeries.labels(ModelLedger.OTHER), (double) otherRequests);
        }
        return scrape.done();
    }

    private static void states(Scrape scrape, List<ServableStatus> statuses) {
        Map<ServableState, Integer> states = new EnumMap<>(ServableState.class);
        statuses.forEach(status -> states.merge(status.state(), 1, Integer::sum));
        for (ServableState state : ServableState.values()) {
            if (state != ServableState.REGISTERED) {
                scrape.gauge(STATES, Labels.of("state", state.name().toLowerCase(Locale.ROOT)),
                        states.getOrDefault(state, 0));
            }
        }
    }
}
