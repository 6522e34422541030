package io.modelyard.experiment;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What somebody wants an experiment to be: {@code models} with a {@code split_ratio} between the first two, or {@code arms}. An
 * unknown member is an error: who misspells a weight must not split traffic evenly.
 *
 * @param enabled false ends the experiment; true where it is left out
 * @param type the default type where it is left out
 * @param splitRatio the share of the first of two models; an even split where it is left out
 * @param models versions
 * @param strategy {@code random} (default), {@code hash-based} or {@code weighted}
 * @param force also with versions that break the type's contract
 */
@Serdeable.Deserializable
@JsonIgnoreProperties(ignoreUnknown = false)
record ExperimentWish(@Nullable Boolean enabled, @Nullable String type, @Nullable Double splitRatio,
        @Nullable List<@Nullable String> models, @Nullable String strategy, @Nullable List<@Nullable ArmWish> arms,
        @Nullable HashOnWish hashOn, @Nullable GoalWish goal, @Nullable String reason, @Nullable Boolean force) {

    /** Where the version of an arm stands. */
    String versionPointer(int arm) {
        return models == null ? "/arms/" + arm + "/version" : "/models/" + arm;
    }

    /**
     * @param name the version where it is left out
     * @param weight 1 where it is left out
     */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record ArmWish(@Nullable String name, @Nullable String version, @Nullable Double weight) {}

    /** Either of the two. */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record HashOnWish(@Nullable String header, @Nullable String input) {}

    /**
     * @param metric {@code accuracy}, {@code reward}, {@code log_loss} or {@code rmse}
     * @param floor the least share of an arm
     */
    @Serdeable.Deserializable
    @JsonIgnoreProperties(ignoreUnknown = false)
    record GoalWish(@Nullable String metric, @Nullable Double floor) {}
}
