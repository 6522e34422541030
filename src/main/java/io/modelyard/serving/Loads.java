package io.modelyard.serving;

import io.modelyard.artifact.Artifact;
import io.modelyard.artifact.ArtifactException;
import io.modelyard.artifact.Progress;
import io.modelyard.background.BackgroundThreads;
import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.MemoryShortage;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/**
 * Brings servables to READY or FAILED: files, room in memory, then the load itself, each step on the threads that are meant
 * for it. Safe for use by many threads.
 */
@Singleton
final class Loads {
    private static final Logger LOG = LoggerFactory.getLogger(Loads.class);

    private final ModelLoader loader;
    private final Room room;
    private final MemoryEstimates estimates;
    private final MemoryGauge gauge;
    private final ExecutorService fetching;
    private final ExecutorService loading;
    private final Executor ordinary;
    private final Contracts contracts;
    private final List<LoadWatch> watches;
    private final ServingConfiguration configuration;
    private final Clock clock;

    Loads(ModelLoader loader, Room room, MemoryEstimates estimates, MemoryGauge gauge,
            @Named(LoadingThreads.FETCHING) ExecutorService fetching,
            @Named(LoadingThreads.NAME) ExecutorService loading, BackgroundThreads background, Contracts contracts,
            List<LoadWatch> watches, ServingConfiguration configuration, Clock clock) {
        this.loader = loader;
        this.room = room;
        this.estimates = estimates;
        this.gauge = gauge;
        this.fetching = fetching;
        this.loading = loading;
        this.ordinary = background.ordinary();
        this.contracts = contracts;
        this.watches = List.copyOf(watches);
        this.configuration = configuration;
        this.clock = clock;
    }

    /**
     * Begins to load the model and returns at once.
     *
     * @param failures how often it has failed in a row before
     */
    Servable begin(Model model, int failures) {
        Servable servable = new Servable(model, estimates.ofFiles(model), this::giveBack, room);
        LoadAttempt attempt = new LoadAttempt(servable, failures);
        run(attempt, fetching, () -> enter(attempt, loader.fetch(servable)));
        return servable;
    }

    /** How far the model's files are, while they are being fetched. */
    Optional<Progress> progress(Model model) {
        return loader.progress(model);
    }

    /** Why the model is not even tried on this replica. */
    Optional<String> quarantined(Model model) {
        return loader.quarantined(model);
    }

    /** Lets a model be tried once more that ended a process of this replica. Whether there was such a one. */
    boolean forgive(Model model) {
        return loader.forgive(model);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whoever waits is told by the servable
    private void enter(LoadAttempt attempt, Artifact files) {
        attempt.fetched();
        Servable servable = attempt.servable();
        // Now and not before: the trial may have told what it takes.
        servable.takes(estimates.of(servable.model()));
        room.enter(servable).whenComplete((admitted, refused) -> {
            if (refused != null) {
                files.close();
                refuse(attempt, refused);
            } else if (!run(attempt, loading, () -> load(attempt, files))) {
                files.close();
            }
        });
    }

    private void refuse(LoadAttempt attempt, Throwable refused) {
        Servable servable = attempt.servable();
        Throwable cause = refused instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : refused;
        if (cause instanceof Room.NoRoomException noRoom && !noRoom.isTooLarge()) {
            LOG.warn("{} is not loaded: {}", servable.model().id(), noRoom.reason());
            servable.gaveUp(noRoom.reason());
            watches.forEach(watch -> watch.failed(servable.model(), true, attempt.took()));
            servable.ready().completeExceptionally(
                    ServingFailure.Unavailable.outOfMemory(servable.model().id() + ": " + noRoom.reason(), cause));
        } else {
            fail(attempt, cause instanceof Room.NoRoomException noRoom ? noRoom.reason() : cause.toString(), cause);
        }
    }

    /** One step of a load. */
    private interface Step {
        void take() throws ArtifactException, InvalidModelException;
    }

    /** Takes the step on one of the threads; where it fails the load has failed. Whether it will be taken. */
    private boolean run(LoadAttempt attempt, ExecutorService threads, Step step) {
        try {
            threads.execute(() -> {
                try {
                    step.take();
                } catch (ArtifactException e) {
                    fail(attempt, e.reason(), e);
                } catch (InvalidModelException e) {
                    fail(attempt, e.reason(), e);
                } catch (ServingFailure.Unavailable e) {
                    fail(attempt, e.detail(), e);
                } catch (OutOfMemoryError e) {
                    fail(attempt, "there is not enough memory for it: " + e.getMessage(), e);
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    fail(attempt, e.toString(), e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            attempt.servable().gaveUp("the server is stopping");
            attempt.servable().ready().completeExceptionally(ServingFailure.Unavailable.shuttingDown());
            return false;
        }
    }

    private void load(LoadAttempt attempt, Artifact files) throws InvalidModelException {
        Servable servable = attempt.servable();
        Model model = servable.model();
        MemoryGauge.Reading before = gauge.begin();
        try {
            loader.load(servable, files);
        } finally {
            OptionalLong grown = gauge.end(before);
            if (servable.state() == ServableState.READY) {
                servable.takes(servable.memory().withMeasured(estimates.learn(model, grown)));
            }
        }
        servable.described().ifPresent(described -> contracts.learn(model, described.signature()));
        LOG.info("{} is ready: loaded in {} ms, warm in {} ms, takes {} bytes ({} were expected)", model.id(),
                servable.loadTime().map(Duration::toMillis).orElse(0L),
                servable.warmupTime().map(Duration::toMillis).orElse(0L), servable.memory().bytes(),
                servable.memory().estimatedBytes());
        LoadWatch.Times times = attempt.times();
        watches.forEach(watch -> watch.ready(model, times));
        // Not here: whoever waits for it would go on at the priority of this thread.
        ordinary.execute(() -> servable.settle(clock.instant()));
    }

    /** On the threads that load, so that neither a request waits for it nor a load beside it is measured wrongly. */
    private void giveBack(Runnable close) {
        try {
            loading.execute(() -> {
                MemoryGauge.Reading before = gauge.begin();
                close.run();
                gauge.end(before);
                gauge.giveBack();
            });
        } catch (RejectedExecutionException e) {
            close.run();
        }
    }

    private void fail(LoadAttempt attempt, String reason, Throwable cause) {
        Servable servable = attempt.servable();
        int failures = attempt.failures();
        Duration wait = backOff(failures);
        servable.failed(new Servable.Failure(reason, cause, clock.instant().plus(wait), failures + 1));
        LOG.error("{} cannot be loaded; the next try is allowed in {} s: {}", servable.model().id(), wait.toSeconds(),
                reason);
        ServingFailure failure = cause instanceof ServingFailure.Unavailable unavailable ? unavailable
                : cause instanceof Room.NoRoomException || MemoryShortage.isBehind(cause)
                        ? ServingFailure.Unavailable.outOfMemory(servable.model().id() + ": " + reason, cause)
                        : new ServingFailure.ModelLoadFailed(servable.model().id(), reason, wait, cause);
        watches.forEach(watch -> watch.failed(servable.model(), false, attempt.took()));
        ordinary.execute(() -> servable.ready().completeExceptionally(failure));
    }

    private Duration backOff(int failures) {
        Duration wait = configuration.loadRetry().multipliedBy(1L << Math.min(failures, 20));
        return wait.compareTo(configuration.loadRetryMost()) > 0 ? configuration.loadRetryMost() : wait;
    }
}
