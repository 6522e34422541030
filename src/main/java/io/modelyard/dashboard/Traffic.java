package io.modelyard.dashboard;

import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import jakarta.inject.Singleton;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Counts predictions, all together and by model, so that the page can show what there was in a second. Versions that are not
 * published any more are forgotten. Safe for use by many threads.
 */
@Singleton
final class Traffic implements ExchangeObserver {
    private final Tally all = new Tally();
    /** Without the requests that found no model. */
    private final Map<ModelId, Tally> byModel = new ConcurrentHashMap<>();

    @Override
    public void observed(Exchange exchange) {
        all.count(exchange);
        Model model = exchange.model();
        if (model != null) {
            Tally tally = byModel.get(model.id());
            (tally == null ? byModel.computeIfAbsent(model.id(), _ -> new Tally()) : tally).count(exchange);
        }
    }

    Tally all() {
        return all;
    }

    /** A live view. */
    Map<ModelId, Tally> byModel() {
        return byModel;
    }

    /** Forgets all but these. */
    void keep(Predicate<ModelId> published) {
        byModel.keySet().removeIf(published.negate());
    }
}
