package io.modelyard.serving;

import io.micronaut.scheduling.TaskExecutors;
import io.modelyard.model.Caller;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.model.StepContract;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureContract;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;

/** Makes another version the active one: proves that it loads and keeps the type's contract, then writes the revision. */
@Singleton
final class Activation {
    private static final Duration LONGEST_OVERRIDE = Duration.ofDays(7);

    private final Registry registry;
    private final RegistryWriter writer;
    private final Servables servables;
    private final ActiveVersion active;
    private final LocalOverrides overrides;
    private final ExecutorService blocking;
    private final Clock clock;

    Activation(Registry registry, RegistryWriter writer, Servables servables, ActiveVersion active,
            LocalOverrides overrides, @Named(TaskExecutors.BLOCKING) ExecutorService blocking, Clock clock) {
        this.registry = registry;
        this.writer = writer;
        this.servables = servables;
        this.active = active;
        this.overrides = overrides;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * What an operator says with a change.
     *
     * @param force whether the contract of the type may be broken; then {@code reason} is demanded
     * @param expectedRevision the revision that the operator saw, or null
     */
    record Order(Caller caller, @Nullable String reason, boolean force, @Nullable Long expectedRevision) {
        Order {
            if (force && (reason == null || reason.isBlank())) {
                throw new ServingFailure.BadParameter("force needs a reason, which stays in the history");
            }
        }
    }

    /**
     * Activates a version, an alias' version, or with {@code @latest} whatever is the latest.
     *
     * @return the new routing, which this replica follows already; fails with a ServingFailure
     */
    CompletionStage<Routing> activate(String type, String version, Order order) {
        TypeView view = everybody(type);
        Model model = Router.choose(view, version, servables);
        RoutingChanges changes = new RoutingChanges(type, order.caller().keyId(), order.reason());
        return write(order, changes, prove(view, model, order), version.equals(Router.LATEST)
                ? newest -> changes.followLatest(newest, active.of(type, newest))
                : newest -> changes.activate(newest, model, active.of(type, newest)));
    }

    /** Activates the version that was active before. */
    CompletionStage<Routing> rollback(String type, Order order) {
        TypeView view = everybody(type);
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        String previous = RoutingChanges.previous(view.routing()).orElseThrow(() -> ServingFailure.Conflict
                .versionInUse("'" + type + "' has no version that was active before; POST /models/"
                        + type + "/<version>/activate chooses one"));
        Model model = Router.choose(view, previous, servables);
        RoutingChanges changes = new RoutingChanges(type, order.caller().keyId(), order.reason());
        return write(order, changes, prove(view, model, order),
                newest -> changes.rollback(newest, model, active.of(type, newest)));
    }

    /**
     * Lets this replica alone answer with a version, without asking the store.
     *
     * @param time after which it ends by itself
     */
    CompletionStage<LocalOverride> activateHere(String type, String version, Duration time, Order order) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_OVERRIDE) > 0) {
            throw new ServingFailure.BadParameter("'for' must be more than nothing and at most "
                    + LONGEST_OVERRIDE.toDays() + " days, 1h for example; it is " + time);
        }
        TypeView view = everybody(type);
        Model model = Router.choose(view, version, servables);
        return prove(view, model, order).thenApplyAsync(proven -> {
            Instant now = clock.instant();
            LocalOverride override = new LocalOverride(type, model.id().version(),
                    view.routing().map(Routing::active).orElse(null), now, now.plus(time), order.caller().keyId(),
                    order.reason());
            overrides.begin(override);
            return override;
        }, blocking);
    }

    /**
     * Ends what {@link #activateHere} began.
     *
     * @throws ServingFailure.NotFound if this replica answers as everybody does
     */
    void endHere(String type, String version, Caller caller) {
        boolean ended = overrides.of(type).filter(override -> override.version().equals(version)).isPresent()
                && overrides.end(type, caller.keyId() + " wanted it");
        if (!ended) {
            throw ServingFailure.NotFound.other("this replica has no local override of '" + type + "' with version '"
                    + version + "'");
        }
    }

    private TypeView everybody(String type) {
        return ServingPlan.view(registry.current(), type, Map.of());
    }

    /** Completes with the model when it is loaded, warm and keeps the contract of the version that is active now. */
    private CompletionStage<Model> prove(TypeView view, Model model, Order order) {
        return signature(model).thenCompose(next -> {
            // Asked now: a manifest may leave it to the load whether @latest follows the version.
            Optional<Model> current = Router.desired(view, servables).filter(now -> !now.equals(model));
            if (current.isEmpty() || order.force()) {
                return CompletableFuture.completedStage(model);
            }
            // An active version that cannot be loaded has no contract that anybody could rely on.
            return signature(current.get()).handle((contract, failure) -> {
                List<String> differences = new ArrayList<>();
                if (contract != null) {
                    differences.addAll(SignatureContract.differences(contract, next));
                    differences.addAll(StepContract.differences(current.get().manifest(), model.manifest()));
                }
                if (!differences.isEmpty()) {
                    throw ServingFailure.Conflict.incompatibleSignature(model.id() + " breaks the contract of "
                            + current.get().id() + ": " + String.join("; ", differences)
                            + ". With \"force\": true and a \"reason\" it is activated all the same");
                }
                return model;
            });
        });
    }

    private CompletionStage<Signature> signature(Model model) {
        return servables.leaseWhenReady(model).thenApply(lease -> {
            try (lease) {
                return lease.described().signature();
            }
        });
    }

    /** Not on the thread that completes the proof: that one loads models, and the store may be slow. */
    private CompletionStage<Routing> write(Order order, RoutingChanges changes, CompletionStage<Model> proof,
            Function<Optional<Routing>, Routing> decide) {
        return proof.thenApplyAsync(proven -> {
            Routing written = writer.changeRouting(changes.type(), order.expectedRevision(), decide);
            overrides.end(changes.type(), changes.by() + " changed the active version for everybody");
            return written;
        }, blocking);
    }
}
