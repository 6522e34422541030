package io.modelyard.serving;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
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

    @Serdeable
    record Activated(String modelType, @Nullable String activeVersion, @Nullable String previousVersion, long revision,
            Instant at, @Nullable String by, @Nullable String reason) {
        static Activated of(Routing routing) {
            return new Activated(routing.type(), routing.active(), routing.previous(), routing.revision(),
                    routing.change().at(), routing.change().by(), routing.change().reason());
        }
    }

    /** Activates a version, an alias, or with {@code @latest} whatever is the latest. */
    @Post("/{type}/{version}/activate")
    CompletionStage<Activated> activate(@PathVariable String type, @PathVariable String version,
            @Parameter(hidden = true) Caller caller,
            @Nullable @Body Wish wish, @Nullable @Header("If-Match") String ifMatch) {
        return activation.activate(caller.demand(type), version, order(wish, caller, ifMatch))
                .thenApply(Activated::of);
    }

    /** The same for a version of the default type. */
    @Post("/{version}/activate")
    CompletionStage<Activated> activateOfDefaultType(@PathVariable String version,
            @Parameter(hidden = true) Caller caller,
            @Nullable @Body Wish wish, @Nullable @Header("If-Match") String ifMatch) {
        String type = registry.current().defaultType()
                .orElseThrow(() -> ServingFailure.NotFound.defaultType("there is no default type; name the type: POST"
                        + " /models/<type>/" + version + "/activate"));
        return activation.activate(caller.demand(type), version, order(wish, caller, ifMatch))
                .thenApply(Activated::of);
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
