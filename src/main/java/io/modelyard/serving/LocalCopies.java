package io.modelyard.serving;

import io.modelyard.artifact.ArtifactCache;
import io.modelyard.artifact.ArtifactException;
import io.modelyard.model.Caller;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Drops what this replica holds of models, in memory and on disk; the next use fetches it again. */
@Singleton
final class LocalCopies {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCopies.class);

    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final ArtifactCache artifacts;
    private final Pins pins;

    /**
     * @param bytes that its files took on disk
     * @param unloaded whether it was in memory
     */
    record Dropped(ModelId id, long bytes, boolean unloaded) {}

    /** @param reason why it was left alone */
    record Kept(ModelId id, String reason) {}

    record Outcome(List<Dropped> dropped, List<Kept> kept) {}

    LocalCopies(Registry registry, Servables servables, LocalOverrides overrides, ArtifactCache artifacts,
            Pins pins) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.artifacts = artifacts;
        this.pins = pins;
    }

    /**
     * Drops the models of all types that the caller sees. Predictions that are under way are finished first.
     *
     * @param all also those that requests are led to without naming their version
     * @throws ServingFailure.Unavailable if {@code all} are to be dropped while the store could not give them back
     */
    Outcome drop(boolean all, Caller caller) {
        if (all && registry.state().isFailing()) {
            throw ServingFailure.Unavailable.storeUnavailable("the store does not answer, so what answers now could not"
                    + " be fetched again; without all=true the other models are dropped", null);
        }
        RegistrySnapshot snapshot = registry.current();
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        for (String type : snapshot.types()) {
            if (caller.sees(type)) {
                TypeView view = overrides.view(snapshot, type);
                Set<String> inUse = all ? Set.of() : pins.of(view);
                view.versions().forEach(model -> drop(model, inUse, outcome));
            }
        }
        return outcome;
    }

    private void drop(Model model, Set<String> inUse, Outcome outcome) {
        if (inUse.contains(model.id().version())) {
            outcome.kept().add(new Kept(model.id(), "active or aliased"));
            return;
        }
        boolean done = servables.unloadAnd(model, wasReady -> removeFiles(model, wasReady, outcome));
        if (!done) {
            outcome.kept().add(new Kept(model.id(), "somebody waits for it: it is being loaded"));
        }
    }

    private void removeFiles(Model model, boolean wasReady, Outcome outcome) {
        try {
            OptionalLong bytes = artifacts.remove(model.digest());
            if (bytes.isEmpty()) {
                outcome.kept()
                        .add(new Kept(model.id(), "its files are in use until the predictions that run are done"));
            } else if (wasReady || bytes.getAsLong() > 0) {
                outcome.dropped().add(new Dropped(model.id(), bytes.getAsLong(), wasReady));
            }
        } catch (ArtifactException e) {
            LOG.warn("{}", e.reason());
            outcome.kept().add(new Kept(model.id(), e.reason()));
        }
    }
}
