package io.modelyard.experiment;

import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.modelyard.model.Caller;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.ExpectedRevision;
import io.modelyard.registry.Registry;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Splits a type's traffic between versions, and tells what came of it. */
@Controller("/ab-test")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ExperimentController {
    private final Experiments experiments;
    private final ExperimentViews views;
    private final Registry registry;

    ExperimentController(Experiments experiments, ExperimentViews views, Registry registry) {
        this.experiments = experiments;
        this.views = views;
        this.registry = registry;
    }

    /**
     * Begins an experiment, changes the one that runs, or ends it.
     *
     * <p>{@code {"enabled": true, "split_ratio": 0.5, "models": ["1", "2"], "strategy": "random"}}, or with any number of
     * {@code arms}: {@code [{"name": "new", "version": "2", "weight": 0.1}, …]}. {@code {"enabled": false}} ends it.
     */
    @Post("/configure")
    @Secured("operate")
    CompletionStage<ExperimentViews.View> configure(@Body ExperimentWish wish, @Parameter(hidden = true) Caller caller,
            @Nullable @Header("If-Match") String ifMatch) {
        String type = caller.demand(experiments.type(wish.type()));
        Long expected = ExpectedRevision.parse(ifMatch);
        CompletionStage<Routing> written = Boolean.FALSE.equals(wish.enabled())
                ? CompletableFuture.completedStage(experiments.end(type, caller, wish.reason(), expected))
                : experiments.configure(type, wish, caller, expected);
        return written.thenApply(routing -> views.of(routing.type())
                .orElseThrow(() -> new ServingFailure.RevisionConflict("'" + type + "' was changed at the same time")));
    }

    /** The experiments that run, and the last of each type that has ended, with what became of their arms. */
    @Get("/status")
    @Secured("read")
    ExperimentViews.Listing status(@Nullable @QueryValue String type, @Parameter(hidden = true) Caller caller) {
        List<String> types = type == null
                ? registry.current().types().stream().filter(caller::sees).toList()
                : List.of(known(caller.demand(type)));
        return new ExperimentViews.Listing(types.stream().map(views::of).flatMap(Optional::stream).toList());
    }

    private String known(String type) {
        if (registry.current().versions(type).isEmpty()) {
            throw ServingFailure.NotFound.type(type);
        }
        return type;
    }
}
