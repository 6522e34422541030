package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.tensor.Signature;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How one version stands on this replica, at one moment.
 *
 * @param reason why it failed
 * @param retryAt when a failed load is tried again at the earliest
 * @param signature as served; empty where it is not loaded
 */
public record ServableStatus(Model model, ServableState state, Optional<String> reason, Optional<Instant> retryAt,
        Optional<Duration> loadTime, Optional<Duration> warmupTime, Optional<Instant> lastUsed, int inFlight,
        Optional<Signature> signature, List<String> warnings) {

    static ServableStatus registered(Model model) {
        return new ServableStatus(model, ServableState.REGISTERED, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), 0, Optional.empty(), List.of());
    }

    /** Of a model that is not even tried. */
    static ServableStatus failed(Model model, String reason) {
        return new ServableStatus(model, ServableState.FAILED, Optional.of(reason), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), 0, Optional.empty(), List.of());
    }

    static ServableStatus of(Servable servable) {
        return new ServableStatus(servable.model(), servable.state(),
                servable.failure().map(Servable.Failure::reason), servable.failure().map(Servable.Failure::retryAt),
                servable.loadTime(), servable.warmupTime(), servable.lastUsed(), servable.inFlight(),
                servable.described().map(DescribedModel::signature),
                servable.described().map(DescribedModel::warnings).orElse(List.of()));
    }
}
