package io.modelyard.experiment;

import io.micronaut.scheduling.annotation.Scheduled;
import io.modelyard.feedback.FeedbackMetrics;
import io.modelyard.feedback.FeedbackSums;
import io.modelyard.model.Experiment;
import io.modelyard.model.Experiment.Arm;
import io.modelyard.model.Experiment.Goal;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.registry.RoutingChanges;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the weights of weighted experiments follow their goal. Every replica does this; the one that creates the next revision of
 * the routing first has done it for all, since revisions are created once and the others then find weights that are not old
 * enough.
 */
@Singleton
class Reweighting {
    private static final Logger LOG = LoggerFactory.getLogger(Reweighting.class);
    /** A share that changes by less is not worth a revision. */
    private static final double WORTH = 0.01;
    private static final String BY = "modelyard";

    private final Registry registry;
    private final RegistryWriter writer;
    private final FeedbackMetrics metrics;
    private final ExperimentConfiguration configuration;
    private final Clock clock;
    /** By experiment, when this replica last computed weights; of the one thread that ticks. */
    private final Map<String, Instant> computed = new HashMap<>();

    Reweighting(Registry registry, RegistryWriter writer, FeedbackMetrics metrics,
            ExperimentConfiguration configuration, Clock clock) {
        this.registry = registry;
        this.writer = writer;
        this.metrics = metrics;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "5s", initialDelay = "5s")
    void tick() {
        for (Routing routing : registry.current().routings().values()) {
            Optional<Experiment> running = routing.runningExperiment();
            if (running.isPresent() && isDue(running.get())) {
                computed.put(running.get().id(), clock.instant());
                try {
                    reweight(routing.type(), running.get());
                } catch (ServingFailure e) {
                    LOG.warn("the weights of the experiment of '{}' stay as they are: {}", routing.type(), e.detail());
                }
            }
        }
    }

    private boolean isDue(Experiment experiment) {
        return isOld(experiment)
                && Optional.ofNullable(computed.get(experiment.id())).map(this::isLongAgo).orElse(true);
    }

    private boolean isOld(Experiment experiment) {
        Goal goal = experiment.goal();
        return goal != null && isLongAgo(
                goal.reweightedAt() == null ? experiment.startedAt() : goal.reweightedAt());
    }

    private boolean isLongAgo(Instant at) {
        return !clock.instant().isBefore(at.plus(configuration.reweightEvery()));
    }

    private void reweight(String type, Experiment experiment) {
        Goal goal = experiment.goal();
        if (goal == null) {
            return;
        }
        List<FeedbackSums> sums = experiment.arms().stream().map(arm -> metrics.ofArm(type, experiment.id(), arm))
                .toList();
        List<Weights.Sample> samples = sums.stream().map(arm -> sample(goal.metric(), arm)).toList();
        Optional<List<Double>> weights = Weights.of(samples, goal.floor()).filter(now -> isWorthIt(experiment, now));
        weights.ifPresent(now -> {
            RoutingChanges changes = new RoutingChanges(type, BY, reason(goal.metric(), experiment, samples));
            writer.changeRouting(type, null, newest -> newest.filter(
                    routing -> routing.runningExperiment().equals(Optional.of(experiment)))
                    .map(routing -> changes.reweight(newest, now, clock.instant()))
                    // Somebody was faster, or wants something else by now.
                    .orElseGet(newest::orElseThrow));
        });
    }

    private static Weights.Sample sample(String metric, FeedbackSums sums) {
        return switch (metric) {
            case "accuracy" -> Weights.Sample.ofShare(sums.correct(), sums.classified());
            case "reward" -> Weights.Sample.ofSums(sums.rewards(), sums.reward(), sums.rewardSquares());
            case "log_loss" -> Weights.Sample.ofSums(sums.probabilities(), -sums.logLoss(), sums.logLossSquares());
            case "rmse" -> Weights.Sample.ofSums(sums.numbers(), -sums.squaredError(), sums.squaredErrorSquares());
            default -> throw new IllegalStateException("the schema knows no metric " + metric);
        };
    }

    private static boolean isWorthIt(Experiment experiment, List<Double> weights) {
        double sum = experiment.arms().stream().mapToDouble(Arm::weight).sum();
        for (int i = 0; i < weights.size(); i++) {
            if (Math.abs(experiment.arms().get(i).weight() / sum - weights.get(i)) >= WORTH) {
                return true;
            }
        }
        return false;
    }

    /** {@code accuracy: 1 0.91 of 120, 2 0.83 of 118}. */
    private static String reason(String metric, Experiment experiment, List<Weights.Sample> samples) {
        List<String> arms = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            arms.add(String.format(Locale.ROOT, "%s %.4g of %d", experiment.arms().get(i).name(),
                    told(metric, samples.get(i).mean()), samples.get(i).outcomes()));
        }
        return metric + ": " + String.join(", ", arms);
    }

    private static double told(String metric, double mean) {
        return switch (metric) {
            case "log_loss" -> -mean;
            case "rmse" -> Math.sqrt(-mean);
            default -> mean;
        };
    }
}
