package io.modelyard.serving;

import io.modelyard.artifact.Artifact;
import io.modelyard.artifact.ArtifactException;
import io.modelyard.artifact.Progress;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.tensor.Signature;
import io.modelyard.traffic.Readiness;
import io.modelyard.traffic.TypeView;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The models in memory: loads each once for all who wait, lends them out, and lets them go. Safe for many threads. */
@Singleton
public final class Servables implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Servables.class);

    private final ConcurrentHashMap<ModelId, Servable> servables = new ConcurrentHashMap<>();
    private final Contracts contracts = new Contracts();
    private final ModelLoader loader;
    private final ExecutorService fetching;
    private final ExecutorService loading;
    private final ServingConfiguration configuration;
    private final Clock clock;
    private final StandIns standIns;

    Servables(ModelLoader loader, @Named(LoadingThreads.FETCHING) ExecutorService fetching,
            @Named(LoadingThreads.NAME) ExecutorService loading, ServingConfiguration configuration, Clock clock,
            StandIns standIns) {
        this.loader = loader;
        this.fetching = fetching;
        this.loading = loading;
        this.configuration = configuration;
        this.clock = clock;
        this.standIns = standIns;
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
        if (loader.forgive(model)) {
            servables.computeIfPresent(model.id(),
                    (id, servable) -> servable.state() == ServableState.FAILED ? null : servable);
        }
        return load(model);
    }

    /** Lets the model go as soon as nobody uses it; whether it was in memory. */
    public boolean unload(ModelId id) {
        Servable servable = servables.remove(id);
        if (servable == null) {
            return false;
        }
        LOG.info("unloading {}", id);
        servable.drainWhenReady();
        return true;
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
            if (current != null) {
                current.drainWhenReady();
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
                .orElseGet(() -> loader.quarantined(model).isPresent());
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
        return of(model).map(ServableStatus::of).orElseGet(() -> loader.quarantined(model)
                .map(reason -> ServableStatus.failed(model, reason)).orElseGet(() -> ServableStatus.registered(model)));
    }

    /** How everything stands that is in memory, on its way there, or failed. */
    public List<ServableStatus> statuses() {
        return servables.values().stream().map(ServableStatus::of).toList();
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
            return begin(model, current);
        });
        if (replaced[0] != null) {
            // It may still be loading, and would stay in memory for ever if it were drained now.
            replaced[0].drainWhenReady();
        }
        return servable;
    }

    private boolean mayTryAgain(Servable servable) {
        return servable.failure().map(failure -> !clock.instant().isBefore(failure.retryAt()))
                .orElse(servable.state() == ServableState.DRAINING || servable.state() == ServableState.UNLOADED);
    }

    private Servable begin(Model model, @Nullable Servable before) {
        Servable servable = new Servable(model);
        int failures = before == null ? 0 : before.failure().map(Servable.Failure::failures).orElse(0);
        run(servable, failures, fetching, () -> {
            Artifact files = loader.fetch(servable);
            if (!run(servable, failures, loading, () -> load(servable, files))) {
                files.close();
            }
        });
        return servable;
    }

    /** One step of a load. */
    private interface Step {
        void take() throws ArtifactException, InvalidModelException;
    }

    /** Takes the step on one of the threads; where it fails the load has failed. Whether it will be taken. */
    private boolean run(Servable servable, int failures, ExecutorService threads, Step step) {
        try {
            threads.execute(() -> {
                try {
                    step.take();
                } catch (ArtifactException e) {
                    fail(servable, e.reason(), e, failures);
                } catch (InvalidModelException e) {
                    fail(servable, e.reason(), e, failures);
                } catch (ServingFailure.Unavailable e) {
                    fail(servable, e.detail(), e, failures);
                } catch (OutOfMemoryError e) {
                    fail(servable, "there is not enough memory for it: " + e.getMessage(), e, failures);
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    fail(servable, e.toString(), e, failures);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            servable.ready().completeExceptionally(ServingFailure.Unavailable.shuttingDown());
            return false;
        }
    }

    private void load(Servable servable, Artifact files) throws InvalidModelException {
        loader.load(servable, files);
        servable.described()
                .ifPresent(described -> contracts.learn(servable.model(), described.signature()));
        LOG.info("{} is ready: loaded in {} ms, warm in {} ms", servable.model().id(),
                servable.loadTime().map(Duration::toMillis).orElse(0L),
                servable.warmupTime().map(Duration::toMillis).orElse(0L));
        servable.ready().complete(servable);
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
        Servable fresh = begin(old.model(), null);
        fresh.ready().thenAccept(ready -> {
            boolean replaced = servables.replace(old.model().id(), old, ready);
            (replaced ? old : ready).drain();
        });
    }

    /** How far the model's files are, while they are being fetched. */
    Optional<Progress> progress(Model model) {
        return of(model).filter(servable -> servable.state() == ServableState.DOWNLOADING)
                .flatMap(servable -> loader.progress(model));
    }

    private void fail(Servable servable, String reason, Throwable cause, int failures) {
        Duration wait = backOff(failures);
        servable.failed(new Servable.Failure(reason, cause, clock.instant().plus(wait), failures + 1));
        LOG.error("{} cannot be loaded; the next try is allowed in {} s: {}", servable.model().id(), wait.toSeconds(),
                reason);
        boolean isShort = cause instanceof OutOfMemoryError || cause instanceof ServingFailure.Unavailable;
        servable.ready().completeExceptionally(isShort
                ? ServingFailure.Unavailable.outOfMemory(servable.model().id() + ": " + reason, cause)
                : new ServingFailure.ModelLoadFailed(servable.model().id(), reason, wait, cause));
    }

    private Duration backOff(int failures) {
        Duration wait = configuration.loadRetry().multipliedBy(1L << Math.min(failures, 20));
        return wait.compareTo(configuration.loadRetryMost()) > 0 ? configuration.loadRetryMost() : wait;
    }

    @PreDestroy
    void close() {
        Instant now = clock.instant();
        LOG.info("letting {} models go at {}", servables.size(), now);
        List.copyOf(servables.keySet()).forEach(this::unload);
    }
}
