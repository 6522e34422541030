package io.modelyard.registry;

import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.time.Clock;

/** {@code /registry}: how fresh it is, what is in quarantine, and what holds for all types. */
@Controller("/registry")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RegistryController {
    private final Registry registry;
    private final RegistryWriter writer;
    private final Clock clock;

    RegistryController(Registry registry, RegistryWriter writer, Clock clock) {
        this.registry = registry;
        this.writer = writer;
        this.clock = clock;
    }

    @Get
    @Secured("read")
    RegistryView show(@Parameter(hidden = true) Caller caller) {
        return RegistryView.of(registry, caller, clock.instant());
    }

    @Post("/sync")
    @Secured("operate")
    SyncView sync(@Parameter(hidden = true) Caller caller) {
        SyncReport report = registry.sync();
        return SyncView.of(registry.current().id(), report, caller);
    }

    @Put("/default-type")
    @Secured("operate")
    DefaultType changeDefaultType(@Body DefaultType wanted, @Parameter(hidden = true) Caller caller) {
        String type = wanted.type();
        if (type == null) {
            throw new ServingFailure.BadParameter("the body must say the type: {\"type\": \"penguins\"}");
        }
        if (!caller.sees(type) || !registry.current().types().contains(type)) {
            throw ServingFailure.NotFound.type(type);
        }
        if (!caller.types().isEmpty()) {
            throw new ServingFailure.Forbidden(
                    "the default type concerns everybody; a key that is limited to types cannot change it");
        }
        writer.changeDefaultType(type, caller.keyId());
        return wanted;
    }

    /** Body and answer of {@code PUT /registry/default-type}. */
    @Serdeable
    record DefaultType(@Nullable String type) {}
}
