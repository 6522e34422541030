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
 * @param reason why it failed, or why it is leaving or left
 * @param retryAt when a failed load is tried again at the earliest
 * @param memory what it takes, or is expected to take; empty where it is not in memory nor on its way there
 * @param signature as served; empty where it is not loaded
 * @param batching empty until it was warmed up
 */
public record ServableStatus(Model model, ServableState state, Optional<String> reason, Optional<Instant> retryAt,
        Optional<Duration> loadTime, Optional<Duration> warmupTime, Optional<ServableMemory> memory,
        Optional<Instant> lastUsed, int inFlight, Optional<Signature> signature, Optional<Batching> batching,
        List<String> warnings) {

    static ServableStatus registered(Model model) {
        return new ServableStatus(model, ServableState.REGISTERED, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(),
                List.of());
    }

    /** Of a model that is not even tried. */
    static ServableStatus failed(Model model, String reason) {
        return new ServableStatus(model, ServableState.FAILED, Optional.of(reason), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty(),
                List.of());
    }

    static ServableStatus of(Servable servable) {
        // Asked to leave in the moment in which it became ready: nothing new is to be expected of it.
        ServableState state = servable.state() == ServableState.READY && servable.departure().isPresent()
                ? ServableState.DRAINING
                : servable.state();
        boolean isOut = state == ServableState.UNLOADED || state == ServableState.FAILED;
        return new ServableStatus(servable.model(), state,
                servable.failure().map(Servable.Failure::reason).or(servable::departure),
                servable.failure().map(Servable.Failure::retryAt), servable.loadTime(), servable.warmupTime(),
                isOut ? Optional.empty() : Optional.of(servable.memory()), servable.lastUsed(), servable.inFlight(),
                servable.described().map(DescribedModel::signature),
                servable.warmupTime().map(warm -> servable.batching()),
                servable.described().map(DescribedModel::warnings).orElse(List.of()));
    }
}
