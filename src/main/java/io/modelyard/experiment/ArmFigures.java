package io.modelyard.experiment;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What became of the requests of one arm.
 *
 * @param requests all of them
 * @param rows that were answered
 * @param errors requests that failed for a reason of ours, with a status from 500 or for a full queue
 * @param rejected requests that failed for a reason of the caller's
 * @param totalNanos of the requests that were answered, all together
 * @param latencies how many requests were answered in which {@link LatencyScale} bucket
 */
record ArmFigures(long requests, long rows, long errors, long rejected, long totalNanos,
        NavigableMap<Integer, Long> latencies) {

    static ArmFigures of(List<Tally.Count> counts) {
        NavigableMap<Integer, Long> latencies = new TreeMap<>();
        long requests = 0;
        long rows = 0;
        long errors = 0;
        long rejected = 0;
        long nanos = 0;
        for (Tally.Count count : counts) {
            Tally.Amount amount = count.amount();
            requests += amount.requests();
            rows += amount.rows();
            nanos += amount.nanos();
            switch (count.key().outcome()) {
                case Tally.ERROR -> errors += amount.requests();
                case Tally.REJECTED -> rejected += amount.requests();
                default -> latencies.merge(count.key().outcome(), amount.requests(), Long::sum);
            }
        }
        return new ArmFigures(requests, rows, errors, rejected, nanos, latencies);
    }
}
