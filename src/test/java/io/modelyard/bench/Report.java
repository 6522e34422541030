package io.modelyard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The pairs of runs of one configuration of {@link Neighbours}, line by line and in sum. For one thread. */
final class Report {
    static final String HEAD = "configuration   requests/s: quiet loading | us quiet: p50    p99   99.9%      max "
            + "| loading: p50    p99   99.9%      max | p99 ratio "
            + "| ran us: quiet load | waited: quiet load | swap s | failed";

    private final String name;
    private final List<Run> quiet = new ArrayList<>();
    private final List<Run> loading = new ArrayList<>();

    /**
     * @param cores of the server's threads that handle requests
     * @param swaps the seconds that each swap took; none in a quiet run
     */
    record Run(Latencies latencies, double seconds, CoreTime cores, List<Double> swaps) {
        /** Microseconds a request that its threads ran. */
        double ran() {
            return cores.ran() / 1e3 / latencies.count();
        }

        /** Microseconds a request that its threads waited for a core. */
        double waited() {
            return cores.waited() / 1e3 / latencies.count();
        }
    }

    Report(String name) {
        this.name = name;
    }

    /** The line of this pair. */
    String add(Run without, Run with) {
        quiet.add(without);
        loading.add(with);
        return line(quiet.size() - 1, quiet.size(), with.latencies().failed() + without.latencies().failed());
    }

    /** Medians over all pairs; the ratio is the median of the pairs' ratios. */
    String summary() {
        return "medians of " + quiet.size() + " pairs\n" + line(0, quiet.size(), failed());
    }

    int failed() {
        return quiet.stream().mapToInt(run -> run.latencies().failed()).sum()
                + loading.stream().mapToInt(run -> run.latencies().failed()).sum();
    }

    private String line(int from, int to, int failed) {
        List<Run> before = quiet.subList(from, to);
        List<Run> during = loading.subList(from, to);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            ratios.add(during.get(i).latencies().quantile(0.99) / before.get(i).latencies().quantile(0.99));
        }
        return String.format(Locale.ROOT,
                "%-15s %17.0f %7.0f | %13.0f %6.0f %7.0f %8.0f | %12.0f %6.0f %7.0f %8.0f | %9.2f "
                        + "| %13.0f %4.0f | %13.0f %4.0f | %6.2f | %d",
                name,
                median(before, Report::rate), median(during, Report::rate),
                median(before, run -> run.latencies().quantile(0.5)),
                median(before, run -> run.latencies().quantile(0.99)),
                median(before, run -> run.latencies().quantile(0.999)),
                median(before, run -> run.latencies().quantile(1)),
                median(during, run -> run.latencies().quantile(0.5)),
                median(during, run -> run.latencies().quantile(0.99)),
                median(during, run -> run.latencies().quantile(0.999)),
                median(during, run -> run.latencies().quantile(1)), median(ratios),
                median(before, Run::ran), median(during, Run::ran), median(before, Run::waited),
                median(during, Run::waited),
                median(during.stream().flatMap(run -> run.swaps().stream()).toList()), failed);
    }

    private static double rate(Run run) {
        return run.latencies().count() / run.seconds();
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> of) {
        return median(runs.stream().map(of::applyAsDouble).toList());
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
