package io.modelyard.experiment;

import io.micronaut.scheduling.TaskExecutors;
import io.modelyard.model.Caller;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.PublishedVersions;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import io.modelyard.serving.LocalOverrides;
import io.modelyard.serving.Servables;
import io.modelyard.tensor.InputProblem;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/** Begins, changes and ends experiments. Every change is a revision of the type's routing. Thread-safe. */
@Singleton
final class Experiments {
    private static final int WORD_BYTES = 8;

    private final Registry registry;
    private final RegistryWriter writer;
    private final PublishedVersions published;
    private final LocalOverrides overrides;
    private final Servables servables;
    private final RandomGenerator random;
    private final Clock clock;
    private final ExecutorService blocking;

    Experiments(Registry registry, RegistryWriter writer, PublishedVersions published, LocalOverrides overrides,
            Servables servables, RandomGenerator random, Clock clock,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.registry = registry;
        this.writer = writer;
        this.published = published;
        this.overrides = overrides;
        this.servables = servables;
        this.random = random;
        this.clock = clock;
        this.blocking = blocking;
    }

    /**
     * Begins an experiment or changes the one that runs. Its versions are loaded on every replica when that sees the revision;
     * until one is ready there, the others get its part. Asks and writes the store, so it blocks; only a version whose manifest
     * leaves its signature to the model is loaded before the answer.
     *
     * @param expected the revision that the caller insists on having seen; null for any
     * @return fails with {@link ServingFailure.InvalidInput}, or {@link ServingFailure.Conflict} where a version breaks the
     *         contract of the type
     */
    CompletionStage<Routing> configure(String type, ExperimentWish wish, Caller caller, @Nullable Long expected) {
        Experiment wanted = designed(wish, registry.current().routing(type));
        List<Model> models = models(type, wish, wanted);
        CompletionStage<Void> known = Boolean.TRUE.equals(wish.force())
                ? CompletableFuture.completedStage(null)
                : signatures(type, models);
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), wish.reason());
        return known.thenApplyAsync(_ -> {
            if (!Boolean.TRUE.equals(wish.force())) {
                demandContract(type, models);
            }
            return writer.changeRouting(type, expected,
                    newest -> changes.experiment(newest, designed(wish, newest)));
        }, blocking);
    }

    /** Ends the experiment that runs. Blocks. */
    Routing end(String type, Caller caller, @Nullable String reason, @Nullable Long expected) {
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), reason);
        return writer.changeRouting(type, expected, newest -> changes.endExperiment(newest, clock.instant()));
    }

    /** The type that a caller means who names none. */
    String type(@Nullable String named) {
        return Optional.ofNullable(named).or(() -> registry.current().defaultType())
                .orElseThrow(() -> ServingFailure.NotFound.defaultType(
                        "there are several types and none is the default; name one: \"type\" in the body"));
    }

    private Experiment designed(ExperimentWish wish, Optional<Routing> routing) {
        return new ExperimentDesign(wish).of(routing.flatMap(Routing::runningExperiment), this::word, clock.instant());
    }

    private List<Model> models(String type, ExperimentWish wish, Experiment wanted) {
        List<Model> models = new ArrayList<>();
        List<InputProblem> problems = new ArrayList<>();
        for (int i = 0; i < wanted.arms().size(); i++) {
            try {
                models.add(published.demand(type, wanted.arms().get(i).version()));
            } catch (ServingFailure.NotFound missing) {
                problems.add(new InputProblem(wish.versionPointer(i), missing.detail()));
            }
        }
        if (registry.current().versions(type).isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        if (!problems.isEmpty()) {
            throw new ServingFailure.InvalidInput(problems);
        }
        return models;
    }

    /** What a manifest does not say, a load tells. */
    private CompletionStage<Void> signatures(String type, List<Model> models) {
        List<Model> all = new ArrayList<>(models);
        contract(type).ifPresent(all::add);
        CompletableFuture<?>[] loads = all.stream().filter(model -> Router.signature(model, servables).isEmpty())
                .map(model -> servables.load(model).toCompletableFuture()).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(loads);
    }

    private Optional<Model> contract(String type) {
        return Router.desired(view(type), servables);
    }

    private TypeView view(String type) {
        return overrides.view(registry.current(), type);
    }

    private void demandContract(String type, List<Model> models) {
        contract(type).ifPresent(contract -> models.stream().filter(model -> !model.equals(contract)).forEach(model -> {
            List<String> differences = Router.differences(contract, model, servables);
            if (!differences.isEmpty()) {
                throw ServingFailure.Conflict.incompatibleSignature(model.id() + " breaks the contract of "
                        + contract.id() + ": " + String.join("; ", differences)
                        + ". With \"force\": true and a \"reason\" it takes part all the same");
            }
        }));
    }

    private String word() {
        byte[] bytes = new byte[WORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
