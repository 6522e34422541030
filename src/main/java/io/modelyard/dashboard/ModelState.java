package io.modelyard.dashboard;

import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.artifact.Progress;
import io.modelyard.model.ModelId;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.ServableStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** How a version stands on this replica, as far as it is worth telling at once when it changes. */
@Serdeable.Serializable
record ModelState(String type, String version, String state, @Nullable String reason, @Nullable Instant retryAt,
        @Nullable Download download) {

    /** How far its files are, while they are being fetched. */
    @Serdeable.Serializable
    record Download(long bytes, long totalBytes, long sharedBytes) {
        static Download of(Progress progress) {
            return new Download(progress.bytes(), progress.totalBytes(), progress.sharedBytes());
        }
    }

    static ModelState of(ServableStatus status, Optional<Progress> progress) {
        ModelId id = status.model().id();
        return new ModelState(id.type(), id.version(), status.state().name(), status.reason().orElse(null),
                status.retryAt().orElse(null), progress.map(Download::of).orElse(null));
    }

    /** Of a version that is not in memory any more, nor on its way there. */
    static ModelState forgotten(ModelId id) {
        return new ModelState(id.type(), id.version(), ServableState.REGISTERED.name(), null, null, null);
    }

    /** Whether somebody may wait for its end, or has to do something about it. */
    boolean isNews() {
        return switch (ServableState.valueOf(state)) {
            case DOWNLOADING, LOADING, WARMING, DRAINING, FAILED -> true;
            case REGISTERED, READY, UNLOADED -> false;
        };
    }
}
