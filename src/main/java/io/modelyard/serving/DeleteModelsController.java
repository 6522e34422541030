package io.modelyard.serving;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.Caller;
import io.modelyard.model.ModelId;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import io.swagger.v3.oas.annotations.Parameter;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Deletes many at once: what this replica holds, or what the registry lists. */
@Controller("/delete-models")
@Secured("operate")
@ExecuteOn(TaskExecutors.BLOCKING)
final class DeleteModelsController {
    private final LocalCopies copies;
    private final Deletion deletion;

    DeleteModelsController(LocalCopies copies, Deletion deletion) {
        this.copies = copies;
        this.deletion = deletion;
    }

    /** @param bytes that the dropped files took on disk */
    @Serdeable
    record Local(String scope, long bytes, List<Dropped> dropped, List<Kept> kept) {
        static Local of(LocalCopies.Outcome outcome) {
            return new Local("local", outcome.dropped().stream().mapToLong(LocalCopies.Dropped::bytes).sum(),
                    outcome.dropped().stream().map(Dropped::of).toList(),
                    outcome.kept().stream().map(Kept::of).toList());
        }
    }

    @Serdeable
    record Dropped(String modelType, String modelVersion, long bytes, boolean unloaded) {
        static Dropped of(LocalCopies.Dropped dropped) {
            ModelId id = dropped.id();
            return new Dropped(id.type(), id.version(), dropped.bytes(), dropped.unloaded());
        }
    }

    @Serdeable
    record Kept(String modelType, String modelVersion, String reason) {
        static Kept of(LocalCopies.Kept kept) {
            return new Kept(kept.id().type(), kept.id().version(), kept.reason());
        }
    }

    /** @param deleted how many versions of each type */
    @Serdeable
    record Everywhere(String scope, int versions, Map<String, Integer> deleted) {}

    /**
     * Drops what this replica holds of models, in memory and on disk, but those that are active or aliased; nothing is
     * deleted anywhere else. With {@code scope=registry} it deletes every version everywhere instead; for admins.
     *
     * @param all drops those that are active or aliased, too; they are fetched again at the next request
     * @param confirm with {@code scope=registry}, how many versions there are to be deleted
     * @param reason with {@code scope=registry}, stays in the history
     */
    @Delete
    Object delete(@QueryValue(defaultValue = "local") String scope, @QueryValue(defaultValue = "false") boolean all,
            @Nullable @QueryValue Integer confirm, @Nullable @QueryValue String reason,
            @Parameter(hidden = true) Caller caller) {
        return switch (scope) {
            case "local" -> Local.of(copies.drop(all, caller));
            case "registry" -> everywhere(confirm == null ? -1 : confirm, reason, caller);
            default -> throw new ServingFailure.BadParameter("scope can be 'local' or 'registry' and not '" + scope
                    + "'");
        };
    }

    private Everywhere everywhere(int confirm, @Nullable String reason, Caller caller) {
        if (!caller.roles().contains(Role.ADMIN)) {
            throw new ServingFailure.Forbidden("scope=registry needs the role admin");
        }
        Map<String, Integer> deleted = deletion.deleteAll(confirm, caller, reason);
        return new Everywhere("registry", deleted.values().stream().mapToInt(Integer::intValue).sum(), deleted);
    }
}
