package io.modelyard.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.model.KeyLimits;
import io.modelyard.model.KeyLimits.Rate;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Limits as somebody asks for them. An unknown member is an error: who misspells a limit must not get a key without one.
 *
 * @param requests of every kind; without it as many as the server can answer
 * @param rows that are predicted; likewise
 */
@Serdeable
@JsonIgnoreProperties(ignoreUnknown = false)
public record LimitsWish(@Nullable RateWish requests, @Nullable RateWish rows) {
    static final String POINTER = "/limits";

    /**
     * @param perSecond so many are added each second
     * @param burst how many there may be at once; without it what one second adds, and at least one
     */
    @Serdeable
    @JsonIgnoreProperties(ignoreUnknown = false)
    public record RateWish(@Nullable Double perSecond, @Nullable Long burst) {
        static RateWish of(Rate rate) {
            return new RateWish(rate.perSecond(), rate.burst());
        }
    }

    /** What is in force, in the same words. */
    static @Nullable LimitsWish of(@Nullable KeyLimits limits) {
        return limits == null
                ? null
                : new LimitsWish(limits.requests() == null ? null : RateWish.of(limits.requests()),
                        limits.rows() == null ? null : RateWish.of(limits.rows()));
    }

    /** Null where nothing is limited, or where something is wrong, which is added to the problems. */
    @Nullable
    KeyLimits check(List<InputProblem> problems) {
        Rate ofRequests = check(requests, "/requests", problems);
        Rate ofRows = check(rows, "/rows", problems);
        return ofRequests == null && ofRows == null ? null : new KeyLimits(ofRequests, ofRows);
    }

    private static @Nullable Rate check(@Nullable RateWish wish, String member, List<InputProblem> problems) {
        if (wish == null) {
            return null;
        }
        int before = problems.size();
        Double perSecond = wish.perSecond();
        if (perSecond == null || !(perSecond >= Rate.LEAST_PER_SECOND && perSecond <= Rate.MOST_PER_SECOND)) {
            problems.add(new InputProblem(POINTER + member + "/per_second", "must be a number between "
                    + Rate.LEAST_PER_SECOND + " and " + (long) Rate.MOST_PER_SECOND));
        }
        Long burst = wish.burst();
        if (burst != null && (burst < 1 || burst > Rate.MOST_BURST)) {
            problems.add(new InputProblem(POINTER + member + "/burst", "must be between 1 and " + Rate.MOST_BURST));
        }
        if (problems.size() > before || perSecond == null) {
            return null;
        }
        return burst == null ? Rate.of(perSecond) : new Rate(perSecond, burst);
    }
}
