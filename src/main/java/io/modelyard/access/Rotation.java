package io.modelyard.access;

import io.modelyard.model.ServingFailure.InvalidInput;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A key that is to get another secret.
 *
 * @param overlap for how long the one that it has stays valid; zero ends it at once
 */
public record Rotation(Duration overlap, @Nullable String reason) {
    public static final int DEFAULT_OVERLAP_HOURS = 24;
    private static final int MOST_OVERLAP_HOURS = 24 * 30;

    /** @throws InvalidInput if the overlap is out of bounds */
    public static Rotation of(@Nullable Integer overlapHours, @Nullable String reason) {
        int hours = overlapHours == null ? DEFAULT_OVERLAP_HOURS : overlapHours;
        if (hours < 0 || hours > MOST_OVERLAP_HOURS) {
            throw new InvalidInput(List.of(new InputProblem("/overlap_hours", "must be between 0, which ends the old"
                    + " secret at once, and " + MOST_OVERLAP_HOURS)));
        }
        return new Rotation(Duration.ofHours(hours), reason);
    }
}
