package io.modelyard.serving;

import io.modelyard.model.Caller;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.SignatureContract;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes another version the active one: proves that it loads and keeps the type's contract, then writes the revision. */
@Singleton
final class Activation {
    private final Registry registry;
    private final RegistryWriter writer;
    private final Servables servables;
    private final Clock clock;

    Activation(Registry registry, RegistryWriter writer, Servables servables, Clock clock) {
        this.registry = registry;
        this.writer = writer;
        this.servables = servables;
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
        RegistrySnapshot snapshot = registry.current();
        TypeView view = ServingPlan.view(snapshot, type);
        Model model = Router.choose(view, version, servables);
        boolean follow = version.equals(Router.LATEST);
        return prove(view, model, order).thenApply(proven -> write(type, order, "activate",
                follow ? null : proven));
    }

    /** Activates the version that was active before. */
    CompletionStage<Routing> rollback(String type, Order order) {
        RegistrySnapshot snapshot = registry.current();
        TypeView view = ServingPlan.view(snapshot, type);
        if (view.versions().isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        String previous = view.routing().map(Routing::previous).orElse(null);
        if (previous == null) {
            throw ServingFailure.Conflict
                    .versionInUse("'" + type + "' has no version that was active before; POST /models/"
                            + type + "/<version>/activate chooses one");
        }
        Model model = Router.choose(view, previous, servables);
        return prove(view, model, order).thenApply(proven -> write(type, order, "rollback", proven));
    }

    /** Completes with the model when it is loaded, warm and keeps the contract of the version that is active now. */
    private CompletionStage<Model> prove(TypeView view, Model model, Order order) {
        return signature(model).thenCompose(next -> {
            // Asked now: a manifest may leave it to the load whether @latest follows the version.
            Optional<Model> active = Router.desired(view, servables).filter(now -> !now.equals(model));
            if (active.isEmpty() || order.force()) {
                return CompletableFuture.completedStage(model);
            }
            // An active version that cannot be loaded has no contract that anybody could rely on.
            return signature(active.get()).handle((current, failure) -> {
                List<String> differences = current == null
                        ? List.of()
                        : SignatureContract.differences(current, next);
                if (!differences.isEmpty()) {
                    throw ServingFailure.Conflict.incompatibleSignature(model.id() + " breaks the contract of "
                            + active.get().id() + ": " + String.join("; ", differences)
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

    /** @param model null to follow the latest version */
    private Routing write(String type, Order order, String action, @Nullable Model model) {
        return writer.changeRouting(type, order.expectedRevision(), before -> {
            String from = before.flatMap(Routing::activeVersion).or(() -> followedNow(type)).orElse(null);
            String to = model == null ? null : model.id().version();
            String previous = from != null && !from.equals(to) ? from : before.map(Routing::previous).orElse(null);
            if (model != null) {
                before.flatMap(routing -> routing.retirement(model.id().version())).ifPresent(retirement -> {
                    throw new ServingFailure.VersionDeleted(model.id(), retirement.at(), retirement.by());
                });
            }
            Routing.Change change = new Routing.Change(UUID.randomUUID().toString(), clock.instant(),
                    order.caller().keyId(), action, from, to == null ? Router.LATEST : to, order.reason());
            return new Routing(type, before.map(Routing::revision).orElse(0L) + 1, to,
                    model == null ? null : model.digest(), previous,
                    before.map(Routing::aliases).orElse(Map.of()), before.map(Routing::retired).orElse(Map.of()),
                    change);
        });
    }

    private Optional<String> followedNow(String type) {
        return Router.desired(ServingPlan.view(registry.current(), type), servables).map(Model::id)
                .map(ModelId::version);
    }

}
