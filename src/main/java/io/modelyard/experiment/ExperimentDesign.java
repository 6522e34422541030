package io.modelyard.experiment;

import io.modelyard.model.Experiment;
import io.modelyard.model.Experiment.Arm;
import io.modelyard.model.Experiment.Goal;
import io.modelyard.model.Experiment.HashOn;
import io.modelyard.model.Experiment.Strategy;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes an experiment of a wish. Pure but for the random words that it is given. For one wish.
 *
 * <p>
 * A wish for a type whose experiment runs changes that one: it keeps its id and salt, so that only those move who must, and an
 * arm that keeps its name and version keeps its figures.
 */
final class ExperimentDesign {
    static final Set<String> METRICS = Set.of("accuracy", "reward", "log_loss", "rmse");
    private static final int MOST_ARMS = 20;
    private static final double HEAVIEST = 1_000_000;
    private static final double DEFAULT_FLOOR = 0.05;
    private static final String SESSION = "X-Session-Id";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final ExperimentWish wish;
    private final List<InputProblem> problems = new ArrayList<>();

    ExperimentDesign(ExperimentWish wish) {
        this.wish = wish;
    }

    /**
     * @param running the experiment that the wish changes, if one runs
     * @param words makes a random word
     * @throws ServingFailure.InvalidInput with a pointer for everything that is wrong with the wish
     */
    Experiment of(Optional<Experiment> running, Supplier<String> words, Instant now) {
        Strategy strategy = strategy();
        List<Arm> arms = arms(running, now);
        HashOn hashOn = hashOn(strategy);
        Goal goal = goal(strategy, arms.size(), running);
        if (!problems.isEmpty()) {
            throw new ServingFailure.InvalidInput(problems);
        }
        return new Experiment(running.map(Experiment::id).orElseGet(words), strategy,
                running.map(Experiment::salt).orElseGet(words), hashOn, arms, goal,
                running.map(Experiment::startedAt).orElse(now), null);
    }

    private Strategy strategy() {
        String name = wish.strategy() == null ? Strategy.RANDOM.jsonName() : wish.strategy().replace('_', '-');
        Optional<Strategy> strategy = Strategy.ofJsonName(name);
        if (strategy.isEmpty()) {
            problem("/strategy",
                    "there is no strategy '" + wish.strategy() + "'; there are random, hash-based and weighted");
        }
        return strategy.orElse(Strategy.RANDOM);
    }

    private List<Arm> arms(Optional<Experiment> running, Instant now) {
        List<Arm> arms = new ArrayList<>();
        if (wish.arms() != null && wish.models() == null) {
            if (wish.splitRatio() != null) {
                problem("/split_ratio", "goes with models; arms have weights");
            }
            for (int i = 0; i < wish.arms().size(); i++) {
                arm("/arms/" + i, wish.arms().get(i), running, now).ifPresent(arms::add);
            }
        } else if (wish.models() != null && wish.arms() == null) {
            ofModels(wish.models(), running, now, arms);
        } else {
            problem(wish.arms() == null ? "" : "/models", "give either models, [\"1\", \"2\"] for example, or arms, "
                    + "[{\"version\": \"1\", \"weight\": 0.5}, …]");
            return arms;
        }
        check(arms);
        return arms;
    }

    private void ofModels(List<@Nullable String> models, Optional<Experiment> running, Instant now, List<Arm> arms) {
        Double ratio = wish.splitRatio();
        if (ratio != null && (!(ratio >= 0) || ratio > 1)) {
            problem("/split_ratio", "must be between 0 and 1: the share of the first model");
        } else if (ratio != null && models.size() != 2) {
            problem("/split_ratio",
                    "splits between two models; with " + models.size() + " of them use arms with weights");
        }
        for (int i = 0; i < models.size(); i++) {
            double weight = ratio == null ? 1 : i == 0 ? ratio : 1 - ratio;
            arm("/models/" + i, new ExperimentWish.ArmWish(null, models.get(i), weight), running, now)
                    .ifPresent(arms::add);
        }
    }

    private Optional<Arm> arm(String pointer, ExperimentWish.@Nullable ArmWish arm, Optional<Experiment> running,
            Instant now) {
        String version = arm == null ? null : arm.version();
        if (arm == null || version == null || !ModelId.isVersion(version)) {
            problem(pointer, "must be a version of the type; an alias may be moved, and @latest moves by itself"
                    + (version == null ? "" : ", so '" + version + "' cannot be an arm"));
            return Optional.empty();
        }
        String name = arm.name() == null ? version : arm.name();
        if (!NAME.matcher(name).matches()) {
            problem(pointer + "/name", "must be up to 64 of A-Z a-z 0-9 . _ -, a letter or digit first");
        }
        double weight = arm.weight() == null ? 1 : arm.weight();
        if (!(weight >= 0) || weight > HEAVIEST) {
            problem(pointer + "/weight", "must be between 0 and 1000000");
        }
        Instant since = running.flatMap(experiment -> experiment.arms().stream()
                .filter(before -> before.name().equals(name) && before.version().equals(version)).findFirst())
                .map(Arm::since).orElse(now);
        return Optional.of(new Arm(name, version, weight, since));
    }

    private void check(List<Arm> arms) {
        String pointer = wish.arms() == null ? "/models" : "/arms";
        if (problems.isEmpty() && (arms.isEmpty() || arms.size() > MOST_ARMS)) {
            problem(pointer, "there must be between 1 and " + MOST_ARMS);
        } else if (problems.isEmpty() && arms.stream().noneMatch(arm -> arm.weight() > 0)) {
            problem(pointer, "one of them must have a weight above 0");
        }
        Set<String> names = new HashSet<>();
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < arms.size(); i++) {
            if (!names.add(arms.get(i).name()) || !versions.add(arms.get(i).version())) {
                problem(pointer + "/" + i, "has the name or the version of another one");
            }
        }
    }

    /** A hash-based split needs something to hash; the others have it where they say so. */
    private @Nullable HashOn hashOn(Strategy strategy) {
        ExperimentWish.HashOnWish on = wish.hashOn();
        if (on == null) {
            return strategy == Strategy.HASH_BASED ? new HashOn(SESSION, null) : null;
        }
        if (strategy == Strategy.RANDOM) {
            problem("/hash_on", "goes with hash-based and weighted; a random split looks at nothing");
        } else if ((on.header() == null) == (on.input() == null)) {
            problem("/hash_on", "must be either {\"header\": …} or {\"input\": …}");
        } else if (on.header() != null && !HEADER.matcher(on.header()).matches()) {
            problem("/hash_on/header", "must be the name of a header, X-Session-Id for example");
        } else if (on.input() != null && (on.input().isEmpty() || on.input().length() > 128)) {
            problem("/hash_on/input", "must be the name of a feature or input");
        }
        return new HashOn(on.header(), on.input());
    }

    private @Nullable Goal goal(Strategy strategy, int arms, Optional<Experiment> running) {
        ExperimentWish.GoalWish goal = wish.goal();
        if (strategy != Strategy.WEIGHTED) {
            if (goal != null) {
                problem("/goal", "goes with the strategy weighted: the others keep the weights that they are given");
            }
            return null;
        }
        String metric = goal == null || goal.metric() == null ? "accuracy" : goal.metric();
        if (!METRICS.contains(metric)) {
            problem("/goal/metric",
                    "there is no metric '" + metric + "'; there are accuracy, reward, log_loss and rmse");
        }
        double floor = goal == null || goal.floor() == null ? Math.min(DEFAULT_FLOOR, 0.5 / Math.max(1, arms))
                : goal.floor();
        if (!(floor >= 0) || floor > 0.5 || floor * arms > 1) {
            problem("/goal/floor",
                    "must be between 0 and 1 by the number of arms, and at most 0.5: the least share of an arm");
        }
        return new Goal(metric, floor, running.map(Experiment::goal).map(Goal::reweightedAt).orElse(null));
    }

    private void problem(String pointer, String detail) {
        problems.add(new InputProblem(pointer, detail));
    }
}
