package io.modelyard.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Splits the traffic of a type that asks for no version between several of them. It is part of the type's routing, and stays
 * there when it has ended, so that its figures can be read.
 *
 * @param id of this experiment, for ever
 * @param salt makes the assignment of this experiment independent of all others'
 * @param hashOn what of a request its arm depends on; null where each request draws anew
 * @param arms at least one, their names and versions unique
 * @param goal null unless the weights follow it
 * @param endedAt null while it runs
 */
public record Experiment(String id, Strategy strategy, String salt, @Nullable HashOn hashOn, List<Arm> arms,
        @Nullable Goal goal, Instant startedAt, @Nullable Instant endedAt) {

    /** How a request comes to its arm. */
    public enum Strategy {
        /** Each request draws by the weights. */
        RANDOM,
        /** Equal values of {@link HashOn} lead to the same arm. */
        HASH_BASED,
        /** As the two others, and the weights follow the {@link Goal}. */
        WEIGHTED;

        /** {@code hash-based}, for example. */
        public String jsonName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Strategy> ofJsonName(String name) {
            for (Strategy strategy : values()) {
                if (strategy.jsonName().equals(name)) {
                    return Optional.of(strategy);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * What is hashed: either of the two.
     *
     * @param header of the request
     * @param input a feature or input of the model, in the first row of the request
     */
    public record HashOn(@Nullable String header, @Nullable String input) {}

    /**
     * @param name unique in the experiment
     * @param weight its share is this by the sum of all; 0 for an arm that gets no traffic
     * @param since from when on the arm has had this version
     */
    public record Arm(String name, String version, double weight, Instant since) {
        Arm with(double other) {
            return new Arm(name, version, other, since);
        }
    }

    /**
     * What the weights of the arms follow.
     *
     * @param metric of the feedback, {@code accuracy} for example
     * @param floor the least share of an arm
     * @param reweightedAt when weights were last computed from it; null where they never were
     */
    public record Goal(String metric, double floor, @Nullable Instant reweightedAt) {}

    /**
     * Which arm of which experiment a request was given to.
     *
     * @param experiment its id
     * @param arm its name
     */
    public record Assignment(String experiment, String arm) {}

    public Experiment {
        arms = List.copyOf(arms);
    }

    public boolean isRunning() {
        return endedAt == null;
    }

    /** The same, ended. */
    public Experiment ended(Instant at) {
        return new Experiment(id, strategy, salt, hashOn, arms, goal, startedAt, at);
    }

    /**
     * The same with other weights.
     *
     * @param weights one for each arm, in their order
     * @param at when they were computed
     */
    public Experiment reweighted(List<Double> weights, Instant at) {
        List<Arm> weighted = IntStream.range(0, arms.size())
                .mapToObj(i -> arms.get(i).with(weights.get(i))).toList();
        return new Experiment(id, strategy, salt, hashOn, weighted,
                goal == null ? null : new Goal(goal.metric(), goal.floor(), at), startedAt, endedAt);
    }
}
