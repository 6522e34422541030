package io.modelyard.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Weights that follow what was measured: an arm's share is the probability that it is the best of all, given its figures, but
 * never below a floor. Pure.
 *
 * <p>
 * This is probability matching (Thompson 1933), computed and not drawn: the mean of each arm is taken to be normal around what
 * was measured, with its standard error, so that P(i is best) = ∫ φ(z) ∏ Φ((mᵢ + z·sᵢ − mⱼ) / sⱼ) dz over j ≠ i. Little is known
 * at first, so the shares are nearly equal; they part as fast as the figures allow. An arm keeps at least its floor, so that one
 * that becomes better later is noticed.
 */
final class Weights {
    /** Below so many outcomes of any arm nothing is concluded. */
    static final int LEAST = 30;
    private static final double FARTHEST = 8;
    private static final int STEPS = 1_600;
    private static final double SMALLEST_ERROR = 1e-9;

    private Weights() {}

    /**
     * What was measured of an arm.
     *
     * @param outcomes how many
     * @param mean of what is to be large
     * @param variance of one outcome
     */
    record Sample(long outcomes, double mean, double variance) {
        /** Of outcomes that are right or wrong; one of each is added (Laplace), so that no arm is believed to be perfect. */
        static Sample ofShare(long right, long all) {
            double mean = (right + 1.0) / (all + 2.0);
            return new Sample(all, mean, mean * (1 - mean));
        }

        /** Of numbers, by their sum and the sum of their squares. */
        static Sample ofSums(long all, double sum, double squares) {
            double mean = all == 0 ? 0 : sum / all;
            double variance = all < 2 ? 0 : Math.max(0, squares - all * mean * mean) / (all - 1);
            return new Sample(all, mean, variance);
        }

        private double standardError() {
            return Math.max(SMALLEST_ERROR, Math.sqrt(Math.max(0, variance) / outcomes));
        }
    }

    /**
     * A weight for each arm; they add up to 1.
     *
     * @param floor the least, at most 1 by the number of arms
     * @return empty where too little was measured
     */
    static Optional<List<Double>> of(List<Sample> samples, double floor) {
        if (samples.stream().anyMatch(sample -> sample.outcomes() < LEAST)) {
            return Optional.empty();
        }
        List<Double> best = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            best.add(probabilityOfBest(samples, i));
        }
        double sum = best.stream().mapToDouble(Double::doubleValue).sum();
        double rest = 1 - floor * samples.size();
        return Optional.of(best.stream().map(probability -> floor + rest * probability / sum).toList());
    }

    private static double probabilityOfBest(List<Sample> samples, int i) {
        double mean = samples.get(i).mean();
        double error = samples.get(i).standardError();
        double width = 2 * FARTHEST / STEPS;
        double sum = 0;
        for (int step = 0; step < STEPS; step++) {
            double z = -FARTHEST + (step + 0.5) * width;
            double product = Math.exp(-z * z / 2);
            for (int j = 0; j < samples.size(); j++) {
                if (j != i) {
                    product *= normal((mean + z * error - samples.get(j).mean()) / samples.get(j).standardError());
                }
            }
            sum += product;
        }
        return sum * width / Math.sqrt(2 * Math.PI);
    }

    /** The share of a standard normal below x, to 1e-7: Abramowitz and Stegun 26.2.17. */
    private static double normal(double x) {
        double t = 1 / (1 + 0.2316419 * Math.abs(x));
        double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * t * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x >= 0 ? 1 - tail : tail;
    }
}
