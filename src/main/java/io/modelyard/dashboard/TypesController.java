package io.modelyard.dashboard;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.serving.LocalOverrides;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.Servables;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The types, page by page: {@code GET /models} tells all of every version, which is too much for a list of thousands. */
@Controller("/dashboard/types")
@Secured("read")
@ExecuteOn(TaskExecutors.BLOCKING)
@Hidden
final class TypesController {
    private static final int MOST = 200;

    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;

    TypesController(Registry registry, Servables servables, LocalOverrides overrides) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
    }

    /** @param total how many there are on all pages */
    @Serdeable.Serializable
    record Listing(int total, int offset, List<TypeLine> types) {}

    /**
     * By name.
     *
     * @param search what their names contain
     * @param state only with a version in this state on this replica, {@code failed} for example
     * @param limit 1 to 200
     */
    @Get
    Listing list(@QueryValue(defaultValue = "") String search, @Nullable @QueryValue String state,
            @QueryValue(defaultValue = "50") int limit, @QueryValue(defaultValue = "0") int offset,
            @Parameter(hidden = true) Caller caller) {
        if (limit < 1 || limit > MOST || offset < 0) {
            throw new ServingFailure.BadParameter("limit can be 1 to " + MOST + ", and offset 0 or more");
        }
        RegistrySnapshot snapshot = registry.current();
        String part = search.strip().toLowerCase(Locale.ROOT);
        Set<String> inState = state == null ? Set.of() : typesIn(state);
        List<String> found = snapshot.types().stream().filter(caller::sees).filter(type -> type.contains(part))
                .filter(type -> state == null || inState.contains(type)).toList();
        Map<String, String> local = overrides.versions();
        return new Listing(found.size(), offset, found.stream().skip(offset).limit(limit)
                .map(type -> TypeLine.of(overrides.view(snapshot, type), servables, local.containsKey(type)))
                .toList());
    }

    private Set<String> typesIn(String word) {
        ServableState wanted;
        try {
            wanted = ServableState.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ServingFailure.BadParameter("there is no state '" + word + "'; ready and failed are two");
        }
        return servables.statuses().stream().filter(status -> status.state() == wanted)
                .map(status -> status.model().id().type()).collect(Collectors.toSet());
    }
}
