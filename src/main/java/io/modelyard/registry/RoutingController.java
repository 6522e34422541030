package io.modelyard.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The history of a type's routing, and its aliases. */
@Controller("/models/{type}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RoutingController {
    private final Registry registry;
    private final RegistryWriter writer;
    private final PublishedVersions published;

    RoutingController(Registry registry, RegistryWriter writer, PublishedVersions published) {
        this.registry = registry;
        this.writer = writer;
        this.published = published;
    }

    @Get("/history")
    @Secured("read")
    History history(String type, @Parameter(hidden = true) Caller caller) {
        check(type, caller);
        return new History(type, writer.history(type).stream().map(Entry::of).toList());
    }

    @Put("/aliases/{alias}")
    @Secured("operate")
    Aliases setAlias(String type, String alias, @Body AliasBody body,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @Parameter(hidden = true) Caller caller) {
        check(type, caller);
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), body.reason());
        String version = body.version();
        if (version == null) {
            throw new ServingFailure.BadParameter("the body must say the version: {\"version\": \"2\"}");
        }
        published.demand(type, version);
        return Aliases.of(writer.changeRouting(type, ExpectedRevision.parse(ifMatch),
                newest -> changes.setAlias(newest, alias, version)));
    }

    @Delete("/aliases/{alias}")
    @Secured("operate")
    Aliases removeAlias(String type, String alias, @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @Parameter(hidden = true) Caller caller) {
        check(type, caller);
        RoutingChanges changes = new RoutingChanges(type, caller.keyId(), null);
        return Aliases.of(writer.changeRouting(type, ExpectedRevision.parse(ifMatch),
                newest -> changes.removeAlias(newest, alias)));
    }

    private void check(String type, Caller caller) {
        RegistrySnapshot now = registry.current();
        boolean known = now.types().contains(type) || now.routing(type).isPresent();
        if (!caller.sees(type) || !known) {
            throw ServingFailure.NotFound.type(type);
        }
    }

    /** Body of {@code PUT …/aliases/{alias}}. */
    @Serdeable
    record AliasBody(@Nullable String version, @Nullable String reason) {}

    /** The aliases of a type after a change. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Aliases(String type, long revision, Map<String, String> aliases) {
        static Aliases of(Routing routing) {
            return new Aliases(routing.type(), routing.revision(), new TreeMap<>(routing.aliases()));
        }
    }

    /** @param revisions the newest first */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record History(String type, List<Entry> revisions) {}

    /** One revision: who did what when, and why. */
    @Serdeable
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Entry(long revision, Instant at, @Nullable String by, String action, @Nullable String from,
            @Nullable String to, @Nullable String reason, @Nullable String active) {
        static Entry of(Routing routing) {
            Routing.Change change = routing.change();
            return new Entry(routing.revision(), change.at(), change.by(), change.action(), change.from(), change.to(),
                    change.reason(), routing.active());
        }
    }
}
