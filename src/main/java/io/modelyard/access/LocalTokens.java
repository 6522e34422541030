package io.modelyard.access;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.modelyard.model.KeyLimits.Rate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tokens of this replica alone. */
public final class LocalTokens implements Tokens {
    private static final int THOUSAND = 1000;

    private final LocalBucket bucket;

    public LocalTokens(Rate rate, Ticker ticker) {
        this.bucket = new LocalBucketBuilder().addLimit(configuration(rate).getBandwidths()[0])
                .withCustomTimePrecision(new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return ticker.nanos();
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return false;
                    }
                }).build();
    }

    /** A rate as Bucket4j says it, which counts whole tokens only. */
    public static BucketConfiguration configuration(Rate rate) {
        boolean whole = rate.perSecond() == Math.rint(rate.perSecond());
        long tokens = whole ? (long) rate.perSecond() : Math.round(rate.perSecond() * THOUSAND);
        Duration period = Duration.ofSeconds(whole ? 1 : THOUSAND);
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(tokens, period)).build();
    }

    @Override
    public CompletionStage<Taken> take(long count) {
        return CompletableFuture.completedStage(takeNow(count));
    }

    /** As {@link #take}. */
    public Taken takeNow(long count) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(count);
        return new Taken(probe.isConsumed(), probe.getRemainingTokens(),
                probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
}
