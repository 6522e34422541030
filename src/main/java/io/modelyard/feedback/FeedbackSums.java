package io.modelyard.feedback;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Counts and sums over statements about rows, of which the metrics are made; they can be added up.
 *
 * @param rows statements that are known to be about a prediction, one for each row and kind
 * @param unscored of these, those without any score
 * @param classified of these, those about a class
 * @param correct classes that were told right
 * @param probabilities classes whose probability was told
 * @param logLoss sum of −ln of the probability of the true class
 * @param logLossSquares sum of its squares, of which its variance is made
 * @param numbers statements that compare numbers
 * @param squaredError sum
 * @param squaredErrorSquares sum of its squares
 * @param absoluteError sum
 * @param rewards statements that are rewards
 * @param reward sum
 * @param rewardSquares sum of its squares
 */
public record FeedbackSums(long rows, long unscored, long classified, long correct, long probabilities,
        double logLoss, double logLossSquares, long numbers, double squaredError, double squaredErrorSquares,
        double absoluteError, long rewards, double reward, double rewardSquares) {
    public static final FeedbackSums NONE = new FeedbackSums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0);

    public FeedbackSums plus(FeedbackSums more) {
        return new FeedbackSums(rows + more.rows, unscored + more.unscored, classified + more.classified,
                correct + more.correct, probabilities + more.probabilities, logLoss + more.logLoss,
                logLossSquares + more.logLossSquares,
                numbers + more.numbers, squaredError + more.squaredError,
                squaredErrorSquares + more.squaredErrorSquares, absoluteError + more.absoluteError,
                rewards + more.rewards, reward + more.reward,
                rewardSquares + more.rewardSquares);
    }

    /** The share of classes that were told right; empty where there are none. */
    public OptionalDouble accuracy() {
        return mean((double) correct, classified);
    }

    public OptionalDouble meanLogLoss() {
        return mean(logLoss, probabilities);
    }

    /** Root of the mean squared error. */
    public OptionalDouble rmse() {
        OptionalDouble mean = mean(squaredError, numbers);
        return mean.isPresent() ? OptionalDouble.of(Math.sqrt(mean.getAsDouble())) : mean;
    }

    public OptionalDouble meanAbsoluteError() {
        return mean(absoluteError, numbers);
    }

    public OptionalDouble meanReward() {
        return mean(reward, rewards);
    }

    /** As the API shows them: counts, and the metrics that there are. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("rows", rows);
        members.put("unscored", unscored);
        put(members, "accuracy", accuracy());
        put(members, "log_loss", meanLogLoss());
        put(members, "rmse", rmse());
        put(members, "mean_absolute_error", meanAbsoluteError());
        put(members, "reward", meanReward());
        return members;
    }

    private static void put(Map<String, Object> members, String name, OptionalDouble value) {
        if (value.isPresent()) {
            members.put(name, value.getAsDouble());
        }
    }

    private static OptionalDouble mean(double sum, long count) {
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
    }
}
