package io.modelyard.serving;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.ExpectedRevision;
import io.modelyard.registry.Registry;
import io.swagger.v3.oas.annotations.Parameter;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Changes which version of a type is active. Every change is a revision of the type's routing. */
@Controller("/models")
@Secured("operate")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ActivationController {
    private final Activation activation;
    private final Registry registry;

    ActivationController(Activation activation, Registry registry) {
        this.activation = activation;
        this.registry = registry;
    }

    /**
     * @param reason stays in the history
     * @param force activates a version that breaks the type's contract
     */
    @Serdeable
    record Wish(@Nullable String reason, @Nullable Boolean force) {}

    /** @param localUntil when this replica alone ends to answer with the version; absent where all replicas do */
    @Serdeable
    record Activated(String modelType, @Nullable String activeVersion, @Nullable String previousVersion,
            @Nullable Long revision, Instant at, @Nullable String by, @Nullable String reason,
            @Nullable Instant localUntil) {
        static Activated of(LocalOverride override) {
            return new Activated(override.type(), override.version(), override.replaced(), null, override.since(),
                    override.by(), override.reason(), override.until());
        }

        static Activated of(Routing routing) {
            return new Activated(routing.type(), routing.active(), routing.previous(), routing.revision(),
                    routing.change().at(), routing.change().by(), routing.change().reason(), null);
        }
    }

    /**
     * Activates a version, an alias, or with {@code @latest} whatever is the latest.
     *
     * @param local only on this replica, without asking the store, and only for a while
     * @param time how long that is; an hour where it is not said
     */
    @Post("/{type}/{version}/activate")
    CompletionStage<Activated> activate(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller, @Nullable @Body Wish wish,
            @Nullable @Header("If-Match") String ifMatch, @QueryValue(defaultValue = "false") boolean local,
            @Nullable @QueryValue("for") Duration time) {
        caller.demand(type);
        Activation.Order order = order(wish, caller, ifMatch);
        if (local) {
            return activation.activateHere(type, version, time == null ? Duration.ofHours(1) : time, order)
                    .thenApply(Activated::of);
        }
        if (time != null) {
            throw new ServingFailure.BadParameter("'for' goes with local=true: what is activated on all replicas stays"
                    + " so until somebody changes it");
        }
        return activation.activate(type, version, order).thenApply(Activated::of);
    }

    /** The same for a version of the default type. */
    @Post("/{version}/activate")
    CompletionStage<Activated> activateOfDefaultType(@PathVariable String version,
            @Parameter(hidden = true) Caller caller, @Nullable @Body Wish wish,
            @Nullable @Header("If-Match") String ifMatch, @QueryValue(defaultValue = "false") boolean local,
            @Nullable @QueryValue("for") Duration time) {
        String type = registry.current().defaultType()
                .orElseThrow(() -> ServingFailure.NotFound.defaultType("there is no default type; name the type: POST"
                        + " /models/<type>/" + version + "/activate"));
        return activate(type, version, caller, wish, ifMatch, local, time);
    }

    /**
     * Ends the override of this replica before its time.
     *
     * @param local must be true: for all replicas, activate another version
     */
    @Delete("/{type}/{version}/activate")
    @Status(HttpStatus.NO_CONTENT)
    void endLocal(@PathVariable String type, @PathVariable String version, @Parameter(hidden = true) Caller caller,
            @QueryValue(defaultValue = "false") boolean local) {
        if (!local) {
            throw new ServingFailure.BadParameter(
                    "only an activation with local=true can be ended; POST /models/" + type
                            + "/<version>/activate activates another version for all replicas");
        }
        activation.endHere(caller.demand(type), version, caller);
    }

    /** Activates the version that was active before. */
    @Post("/{type}/rollback")
    CompletionStage<Activated> rollback(@PathVariable String type, @Parameter(hidden = true) Caller caller,
            @Nullable @Body Wish wish,
            @Nullable @Header("If-Match") String ifMatch) {
        return activation.rollback(caller.demand(type), order(wish, caller, ifMatch)).thenApply(Activated::of);
    }

    private static Activation.Order order(@Nullable Wish wish, Caller caller, @Nullable String ifMatch) {
        Optional<Wish> said = Optional.ofNullable(wish);
        return new Activation.Order(caller, said.map(Wish::reason).orElse(null),
                said.map(Wish::force).orElse(false), ExpectedRevision.parse(ifMatch));
    }
}
