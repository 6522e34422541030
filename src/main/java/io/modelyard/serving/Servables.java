package io.modelyard.serving;

import io.modelyard.artifact.Progress;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.TypeView;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The models in memory: has each loaded once for all who wait, lends them out, and lets them go. Safe for many threads. */
@Singleton
public final class Servables implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Servables.class);

    private final ConcurrentHashMap<ModelId, Servable> servables = new ConcurrentHashMap<>();
    private final Loads loads;
    private final Room room;
    private final Contracts contracts;
    private final StandIns standIns;
    private final Clock clock;

    Servables(Loads loads, Room room, Contracts contracts, StandIns standIns, Clock clock) {
        this.loads = loads;
        this.room = room;
        this.contracts = contracts;
        this.standIns = standIns;
        this.clock = clock;
    }

    /** A lease on the model if it is ready now. */
    public Optional<Lease> lease(Model model) {
        return of(model).flatMap(servable -> servable.lease(clock.instant()));
    }

    /**
     * A lease on the model, loaded first if it must be. Fails with a {@link ServingFailure}: at once where the model could
     * not be loaded a moment ago.
     */
    public CompletionStage<Lease> leaseWhenReady(Model model) {
        Servable servable = loadOnce(model);
        return servable.ready().thenCompose(ready -> ready.lease(clock.instant())
                .<CompletionStage<Lease>>map(CompletableFuture::completedFuture)
                // It was unloaded between getting ready and now: a request for it loads it again.
                .orElseGet(() -> leaseWhenReady(model)));
    }

    /** Loads the model if it is not in memory; completes when it is ready. */
    public CompletionStage<Void> load(Model model) {
        return loadOnce(model).ready().thenApply(servable -> null);
    }

    /** As {@link #load}, also of a model that ended a process of this replica: somebody takes it upon himself. */
    CompletionStage<Void> loadAllTheSame(Model model) {
        if (loads.forgive(model)) {
            servables.computeIfPresent(model.id(),
                    (id, servable) -> servable.state() == ServableState.FAILED ? null : servable);
        }
        return load(model);
    }

    /**
     * Lets the model go as soon as nobody uses it. It stays out until somebody asks for it.
     *
     * @param why is shown as long as it is out
     * @return completes when its memory was given back, or at once where nothing of it was there
     */
    CompletionStage<Void> unload(ModelId id, String why) {
        Servable servable = servables.get(id);
        if (servable == null || servable.failure().isPresent()) {
            return CompletableFuture.completedStage(null);
        }
        LOG.info("unloading {}: {}", id, why);
        servable.leave(why);
        return servable.gone();
    }

    /** As {@link #unload}, and forgets how the model stood: it is not to be served any more. */
    void forget(ModelId id) {
        Servable servable = servables.remove(id);
        if (servable != null) {
            LOG.info("unloading {}", id);
            servable.leave("it is not published any more");
        }
    }

    /**
     * Lets the model go and does {@code work}, which is told whether it was ready, before it can be loaded again.
     *
     * @return false where it is being loaded: then nothing was done
     */
    boolean unloadAnd(Model model, Consumer<Boolean> work) {
        boolean[] done = new boolean[1];
        servables.compute(model.id(), (id, current) -> {
            if (current != null && !current.ready().isDone()) {
                return current;
            }
            boolean wasReady = current != null && current.state() == ServableState.READY;
            if (wasReady) {
                // Here, since the work may be to remove the files that it holds.
                current.drainHere("its local copy is dropped");
            }
            work.accept(wasReady);
            done[0] = true;
            return null;
        });
        return done[0];
    }

    @Override
    public boolean isReady(Model model) {
        return of(model).filter(servable -> servable.state() == ServableState.READY).isPresent();
    }

    @Override
    public boolean hasFailed(Model model) {
        return of(model).map(servable -> servable.state() == ServableState.FAILED)
                .orElseGet(() -> loads.quarantined(model).isPresent());
    }

    @Override
    public Optional<Signature> learned(Model model) {
        return contracts.learned(model);
    }

    @Override
    public Optional<Model> standIn(String type, String asked) {
        return standIns.of(type, asked);
    }

    @Override
    public boolean keeps(Model contract, Model model) {
        return contracts.keeps(contract, model, this);
    }

    @Override
    public List<Model> followed(TypeView view) {
        return contracts.followed(view, this);
    }

    /** How the model stands on this replica. */
    public ServableStatus status(Model model) {
        return of(model).map(ServableStatus::of).orElseGet(() -> loads.quarantined(model)
                .map(reason -> ServableStatus.failed(model, reason)).orElseGet(() -> ServableStatus.registered(model)));
    }

    /** How everything stands that is in memory, on its way there, or failed. */
    public List<ServableStatus> statuses() {
        return servables.values().stream().map(ServableStatus::of).toList();
    }

    /** How memory is used by all models together. */
    public MemoryUse memory() {
        return room.use();
    }

    private Optional<Servable> of(Model model) {
        // A manifest that was replaced behind our back is another model.
        return Optional.ofNullable(servables.get(model.id()))
                .filter(servable -> servable.model().digest().equals(model.digest()));
    }

    private Servable loadOnce(Model model) {
        Servable[] replaced = new Servable[1];
        Servable servable = servables.compute(model.id(), (id, current) -> {
            if (current != null && current.model().digest().equals(model.digest()) && !mayTryAgain(current)) {
                return current;
            }
            replaced[0] = current;
            return loads.begin(model, failures(current));
        });
        if (replaced[0] != null) {
            replaced[0].leave("it was replaced");
        }
        return servable;
    }

    private static int failures(@Nullable Servable before) {
        return before == null ? 0 : before.failure().map(Servable.Failure::failures).orElse(0);
    }

    private boolean mayTryAgain(Servable servable) {
        return servable.failure().map(failure -> !clock.instant().isBefore(failure.retryAt()))
                .orElse(servable.state() == ServableState.DRAINING || servable.state() == ServableState.UNLOADED);
    }

    /**
     * Loads the model anew if it is in memory, because it was loaded from other files than it should have been. The old one
     * answers until the new one is ready, and goes on where that fails.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a load that fails has said so
    void reload(String digest) {
        servables.values().stream().filter(servable -> servable.model().digest().equals(digest))
                // What is still loading may have read the old files.
                .forEach(servable -> servable.ready().thenAccept(this::replace));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the same
    private void replace(Servable old) {
        Servable fresh = loads.begin(old.model(), 0);
        fresh.ready().thenAccept(ready -> {
            boolean replaced = old.state() == ServableState.READY
                    && servables.replace(old.model().id(), old, ready);
            (replaced ? old : ready).leave("it was loaded anew");
        });
    }

    /** How far the model's files are, while they are being fetched. */
    public Optional<Progress> progress(Model model) {
        return of(model).filter(servable -> servable.state() == ServableState.DOWNLOADING)
                .flatMap(servable -> loads.progress(model));
    }

    @PreDestroy
    void close() {
        LOG.info("letting {} models go", servables.size());
        servables.values().forEach(servable -> servable.leaveHere("the server is stopping"));
    }
}
