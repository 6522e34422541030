package io.modelyard.serving;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.ExpectedRevision;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** Deletes single versions, and takes that back. */
@Controller("/models/{type}/{version}")
@Secured("operate")
@ExecuteOn(TaskExecutors.BLOCKING)
final class DeletionController {
    private final Deletion deletion;

    DeletionController(Deletion deletion) {
        this.deletion = deletion;
    }

    /** @param reason stays in the history */
    @Serdeable
    record Why(@Nullable String reason) {}

    /**
     * @param restorableUntil when the files may be removed; absent once that began
     * @param purgedAt when the last file was removed
     */
    @Serdeable
    record Deleted(String modelType, String modelVersion, long revision, Instant at, @Nullable String by,
            @Nullable String reason, @Nullable Instant restorableUntil, @Nullable Instant purgedAt) {
        static Deleted of(Deletion.Deleted deleted) {
            Routing.Retirement retirement = deleted.retirement();
            return new Deleted(deleted.id().type(), deleted.id().version(), deleted.revision(), retirement.at(),
                    retirement.by(), retirement.reason(), deleted.restorableUntil(), retirement.purgedAt());
        }
    }

    @Serdeable
    record Restored(String modelType, String modelVersion, long revision) {}

    /**
     * Deletes the version: it is not served any more. Its files stay for a while, in which it can be restored.
     *
     * @param purge {@code now} removes the files at once; for admins
     */
    @Delete
    Deleted delete(@PathVariable String type, @PathVariable String version, @Nullable @QueryValue String purge,
            @Nullable @QueryValue String reason, @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch,
            @Parameter(hidden = true) Caller caller) {
        if (purge != null && !purge.equals("now")) {
            throw new ServingFailure.BadParameter("purge can be 'now' and not '" + purge + "'; without it the files "
                    + "are removed after modelyard.registry.purge-after");
        }
        return Deleted.of(deletion.delete(caller.demand(type), version, purge != null, caller, reason,
                ExpectedRevision.parse(ifMatch)));
    }

    /** Takes back the deletion of a version whose files are still there. */
    @Post("/restore")
    Restored restore(@PathVariable String type, @PathVariable String version, @Nullable @Body Why why,
            @Nullable @Header(HttpHeaders.IF_MATCH) String ifMatch, @Parameter(hidden = true) Caller caller) {
        Routing routing = deletion.restore(caller.demand(type), version, caller,
                Optional.ofNullable(why).map(Why::reason).orElse(null), ExpectedRevision.parse(ifMatch));
        return new Restored(type, version, routing.revision());
    }
}
