package io.modelyard.serving;

import io.modelyard.model.Caller;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureContract;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Makes another version the active one: proves that it loads and keeps the type's contract, then writes the revision. */
@Singleton
final class Activation {
    private final Registry registry;
    private final RegistryWriter writer;
    private final Servables servables;
    private final ActiveVersion active;

    Activation(Registry registry, RegistryWriter writer, Servables servables, ActiveVersion active) {
        this.registry = registry;
        this.writer = writer;
        this.servables = servables;
        this.active = active;
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
        TypeView view = ServingPlan.view(registry.current(), type);
        Model model = Router.choose(view, version, servables);
        RoutingChanges changes = new RoutingChanges(type, order.caller().keyId(), order.reason());
        return prove(view, model, order).thenApply(proven -> write(order, changes, version.equals(Router.LATEST)
                ? newest -> changes.followLatest(newest, active.of(type, newest))
                : newest -> changes.activate(newest, proven, active.of(type, newest))));
    }

    /** Activates the version that was active before. */
    CompletionStage<Routing> rollback(String type, Order order) {
        TypeView view = ServingPlan.view(registry.current(), type);
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        String previous = RoutingChanges.previous(view.routing()).orElseThrow(() -> ServingFailure.Conflict
                .versionInUse("'" + type + "' has no version that was active before; POST /models/"
                        + type + "/<version>/activate chooses one"));
        Model model = Router.choose(view, previous, servables);
        RoutingChanges changes = new RoutingChanges(type, order.caller().keyId(), order.reason());
        return prove(view, model, order).thenApply(proven -> write(order, changes,
                newest -> changes.rollback(newest, proven, active.of(type, newest))));
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
                List<String> differences = contract == null
                        ? List.of()
                        : SignatureContract.differences(contract, next);
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

    private Routing write(Order order, RoutingChanges changes, Function<Optional<Routing>, Routing> decide) {
        return writer.changeRouting(changes.type(), order.expectedRevision(), decide);
    }
}
