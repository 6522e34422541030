package io.modelyard.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.feedback.FeedbackMetrics;
import io.modelyard.feedback.FeedbackSums;
import io.modelyard.model.Experiment;
import io.modelyard.model.Experiment.Arm;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.serving.LocalOverrides;
import io.modelyard.serving.ServableState;
import io.modelyard.serving.ServableStatus;
import io.modelyard.serving.Servables;
import io.modelyard.traffic.TypeView;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Experiments as the API shows them. Blocks: the figures are in the database. */
@Singleton
final class ExperimentViews {
    private final Registry registry;
    private final LocalOverrides overrides;
    private final Servables servables;
    private final Figures figures;
    private final FeedbackMetrics feedback;

    ExperimentViews(Registry registry, LocalOverrides overrides, Servables servables, Figures figures,
            FeedbackMetrics feedback) {
        this.registry = registry;
        this.overrides = overrides;
        this.servables = servables;
        this.figures = figures;
        this.feedback = feedback;
    }

    /**
     * @param enabled whether it runs
     * @param figuresKnown false while the database cannot be read; then figures are left out
     */
    @Serdeable
    record View(String modelType, String id, boolean enabled, String strategy, @Nullable HashOnView hashOn,
            @Nullable GoalView goal, Instant startedAt, @Nullable Instant endedAt, long revision, boolean figuresKnown,
            List<ArmView> arms) {}

    @Serdeable
    record HashOnView(@Nullable String header, @Nullable String input) {}

    @Serdeable
    record GoalView(String metric, double floor, @Nullable Instant reweightedAt) {}

    /**
     * @param share of all requests that should come to it
     * @param state of its version on this replica
     * @param getsTraffic whether requests to this replica are given to it
     * @param reason why it gets none
     * @param since from when on it has had this version, and figures are counted
     * @param feedback what became true of its predictions
     */
    @Serdeable
    record ArmView(String name, String version, double weight, double share, String state, boolean getsTraffic,
            @Nullable String reason, Instant since, @Nullable FiguresView figures,
            @Nullable Map<String, Object> feedback) {}

    /**
     * @param errors requests that failed for a reason of the server's
     * @param rejected requests that failed for a reason of the caller's
     */
    @Serdeable
    record FiguresView(long requests, long rows, long errors, long rejected, @Nullable LatencyView latencyMs) {
        static FiguresView of(ArmFigures figures) {
            return new FiguresView(figures.requests(), figures.rows(), figures.errors(), figures.rejected(),
                    figures.latencies().isEmpty() ? null : LatencyView.of(figures));
        }
    }

    /** Of the requests that were answered, in milliseconds; quantiles to 1 %. */
    @Serdeable
    record LatencyView(double mean, double p50, double p95, double p99) {
        static LatencyView of(ArmFigures figures) {
            long answered = figures.requests() - figures.errors() - figures.rejected();
            return new LatencyView(figures.totalNanos() / 1e6 / answered,
                    LatencyScale.quantile(figures.latencies(), 0.5), LatencyScale.quantile(figures.latencies(), 0.95),
                    LatencyScale.quantile(figures.latencies(), 0.99));
        }
    }

    /** All that the caller may see, by type. */
    @Serdeable
    record Listing(@JsonInclude(JsonInclude.Include.ALWAYS) List<View> experiments) {}

    /** The experiment that runs, or was the last to run. */
    Optional<View> of(String type) {
        return registry.current().routing(type).filter(routing -> routing.experiment() != null).map(this::view);
    }

    private View view(Routing routing) {
        Experiment experiment = Objects.requireNonNull(routing.experiment());
        Optional<Map<String, ArmFigures>> all = figures.of(experiment);
        TypeView here = overrides.view(registry.current(), routing.type());
        double sum = experiment.arms().stream().mapToDouble(Arm::weight).sum();
        List<ArmView> arms = experiment.arms().stream()
                .map(arm -> view(experiment, arm, sum, here, all.map(known -> known.get(arm.name())))).toList();
        Experiment.HashOn on = experiment.hashOn();
        Experiment.Goal goal = experiment.goal();
        return new View(routing.type(), experiment.id(), experiment.isRunning(), experiment.strategy().jsonName(),
                on == null ? null : new HashOnView(on.header(), on.input()),
                goal == null ? null : new GoalView(goal.metric(), goal.floor(), goal.reweightedAt()),
                experiment.startedAt(), experiment.endedAt(), routing.revision(), all.isPresent(), arms);
    }

    private ArmView view(Experiment experiment, Arm arm, double sum, TypeView here, Optional<ArmFigures> known) {
        Optional<ServableStatus> status = here.version(arm.version()).map(servables::status);
        ServableState state = status.map(ServableStatus::state).orElse(ServableState.REGISTERED);
        Optional<String> reason = reasonForNoTraffic(experiment, arm, here, status);
        return new ArmView(arm.name(), arm.version(), arm.weight(), arm.weight() / sum, state.name(), reason.isEmpty(),
                reason.orElse(null), arm.since(), known.map(FiguresView::of).orElse(null),
                feedback(here.type(), experiment, arm));
    }

    /** Null where there is none, or the database cannot be read. */
    private @Nullable Map<String, Object> feedback(String type, Experiment experiment, Arm arm) {
        try {
            FeedbackSums sums = feedback.ofArm(type, experiment.id(), arm);
            return sums.rows() == 0 ? null : sums.members();
        } catch (ServingFailure.Unavailable e) {
            return null;
        }
    }

    private static Optional<String> reasonForNoTraffic(Experiment experiment, Arm arm, TypeView here,
            Optional<ServableStatus> status) {
        if (!experiment.isRunning()) {
            return Optional.of("the experiment has ended");
        }
        if (here.routing().flatMap(Routing::runningExperiment).isEmpty()) {
            return Optional.of("this replica has a local override of the active version");
        }
        Optional<Model> model = here.version(arm.version());
        if (model.isEmpty()) {
            return Optional.of("version " + arm.version() + " is not known on this replica");
        }
        if (here.isRetired(model.get())) {
            return Optional.of("version " + arm.version() + " was deleted");
        }
        if (arm.weight() == 0) {
            return Optional.of("its weight is 0");
        }
        return status.filter(now -> now.state() != ServableState.READY)
                .map(now -> "it is " + now.state() + " on this replica"
                        + now.reason().map(why -> ": " + why).orElse(""));
    }
}
