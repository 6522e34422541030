package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.registry.RecordedChange;
import io.modelyard.registry.RecordedChanges;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Who changed what: versions, routing, the default type and keys. */
@Controller("/audit")
@Secured("admin")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AuditController {
    private final RecordedChanges changes;

    AuditController(RecordedChanges changes) {
        this.changes = changes;
    }

    /** @param nextCursor asks for what comes after these; absent where there is nothing */
    @Serdeable.Serializable
    record Answer(@JsonInclude(JsonInclude.Include.ALWAYS) List<Entry> changes, @Nullable String nextCursor) {}

    /**
     * @param by the key that asked for it, or who else did
     * @param kind {@code version}, {@code routing}, {@code platform} or {@code key}
     */
    @Serdeable.Serializable
    record Entry(Instant at, @Nullable String by, String kind, String subject, String action, @Nullable String from,
            @Nullable String to, @Nullable String reason, @Nullable Long revision) {
        static Entry of(RecordedChange change) {
            return new Entry(change.at(), change.by(), change.kind().jsonName(), change.subject(), change.action(),
                    change.from(), change.to(), change.reason(), change.revision());
        }
    }

    /**
     * The newest changes first.
     *
     * @param limit the most changes of the answer, 1 to 500; 100 where it says nothing
     * @param kind only {@code version}, {@code routing}, {@code platform} or {@code key}
     * @param type only of this type and its versions
     * @param key only of this key
     * @param since only from this time on, ISO-8601
     * @param until only before this time, ISO-8601
     * @param cursor {@code next_cursor} of the previous answer
     */
    @Get
    Answer audit(@QueryValue("n_limit") @Nullable String limit, @QueryValue @Nullable String kind,
            @QueryValue @Nullable String type, @QueryValue @Nullable String key, @QueryValue @Nullable String since,
            @QueryValue @Nullable String until, @QueryValue @Nullable String cursor) {
        RecordedChanges.Page page = changes
                .page(new AuditParameters(limit, kind, type, key, since, until, cursor).query());
        return new Answer(page.changes().stream().map(Entry::of).toList(),
                page.last() == null ? null : AuditParameters.cursor(page.last()));
    }
}
