package io.modelyard.tracing;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.util.StringUtils;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the spans that were made: sent, refused or dropped for lack of room. Tells in the log when they begin to be lost, and when
 * that is over, and not of each. Safe for use by many threads.
 */
@Singleton
@Requires(property = TracingConfiguration.ENABLED, value = StringUtils.TRUE)
final class SpanCounts {
    private static final Logger LOG = LoggerFactory.getLogger(SpanCounts.class);

    /** Only after this is a loss over: where more spans are made than can be sent, some are sent all the time. */
    static final Duration QUIET = Duration.ofMinutes(1);

    private final QueueDrops queue = new QueueDrops();
    private final LongAdder exported = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final InstantSource clock;
    /** Null where all is well. */
    private @Nullable Instant lastLoss;
    private long droppedBefore;

    /**
     * @param exported taken by who collects them
     * @param failed not taken, or sent in vain
     * @param dropped never sent, because the queue was full
     */
    record Counts(long exported, long failed, long dropped) {}

    SpanCounts(Clock clock) {
        this.clock = clock;
    }

    QueueDrops queue() {
        return queue;
    }

    Counts counts() {
        return new Counts(exported.sum(), failed.sum(), queue.total());
    }

    void exported(int spans) {
        exported.add(spans);
        judge(null);
    }

    void failed(int spans, @Nullable Throwable reason) {
        failed.add(spans);
        judge(reason == null ? "the collector did not take them" : innermost(reason).toString());
    }

    private synchronized void judge(@Nullable String failure) {
        Counts now = counts();
        boolean dropped = now.dropped() > droppedBefore;
        droppedBefore = now.dropped();
        if (failure != null || dropped) {
            if (lastLoss == null) {
                LOG.warn("Spans are lost, and requests go on: {}", failure == null
                        ? "more are made than can be sent (OTEL_BSP_MAX_QUEUE_SIZE, OTEL_TRACES_SAMPLER)"
                        : failure);
            }
            lastLoss = clock.instant();
        } else if (lastLoss != null && !clock.instant().isBefore(lastLoss.plus(QUIET))) {
            LOG.info(
                    "No span was lost any more for {} s; lost so far: {} that could not be sent, {} for which there was"
                            + " no room",
                    QUIET.toSeconds(), now.failed(), now.dropped());
            lastLoss = null;
        }
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 50; depth++) {
            cause = cause.getCause();
        }
        return cause;
    }
}
