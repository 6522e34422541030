package io.modelyard.access.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.access.LocalTokens;
import io.modelyard.access.SettableTicker;
import io.modelyard.access.Tokens;
import io.modelyard.model.KeyLimits.Rate;
import io.modelyard.redis.Circuit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** Two replicas and one bucket, on a clock that stands still. */
final class LeasedTokensTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final SettableTicker ticker = new SettableTicker();
    private final Circuit circuit = new Circuit(ticker::nanos);

    /** Answers at once, and counts how often it was asked. */
    private static final class Bucket implements SharedBucket {
        private final LocalTokens tokens;
        private int asked;

        Bucket(Rate rate, SettableTicker ticker) {
            tokens = new LocalTokens(rate, ticker);
        }

        @Override
        public CompletionStage<Reply> take(long count) {
            asked++;
            Tokens.Taken taken = tokens.takeNow(count);
            return CompletableFuture.completedStage(new Reply(taken.granted(), (double) taken.remaining()));
        }
    }

    /** Answers when it is told to. */
    private static final class SlowBucket implements SharedBucket {
        private final List<CompletableFuture<Reply>> asked = new ArrayList<>();
        private final List<Long> counts = new ArrayList<>();

        @Override
        public CompletionStage<Reply> take(long count) {
            CompletableFuture<Reply> reply = new CompletableFuture<>();
            asked.add(reply);
            counts.add(count);
            return reply;
        }
    }

    private LeasedTokens replica(Rate rate, SharedBucket bucket, Duration timeout) {
        return new LeasedTokens(rate, new LocalTokens(rate, ticker), bucket, circuit, ticker, timeout);
    }

    private static boolean granted(CompletionStage<Tokens.Taken> taken) {
        return taken.toCompletableFuture().join().granted();
    }

    @Property(seed = "2611", tries = 60)
    void aMinuteOfBothGivesTheRateAndTheBurst(@ForAll @DoubleRange(min = 0.5, max = 2000) double perSecond,
            @ForAll @IntRange(min = 1, max = 500) int burst, @ForAll @IntRange(min = 1, max = 5) int atOnce,
            @ForAll long seed) {
        Rate rate = new Rate(Math.round(perSecond * 10) / 10.0, Math.max(burst, atOnce));
        Bucket bucket = new Bucket(rate, ticker);
        List<LeasedTokens> replicas = List.of(replica(rate, bucket, LONG), replica(rate, bucket, LONG));
        RandomGenerator random = new java.util.SplittableRandom(seed);
        long granted = 0;
        Duration step = Duration.ofNanos((long) (1e9 / rate.perSecond() / 3) + 1);
        Duration minute = Duration.ofSeconds(60);
        for (Duration past = Duration.ZERO; past.compareTo(minute) < 0; past = past.plus(step)) {
            for (LeasedTokens replica : replicas) {
                int count = random.nextInt(1, atOnce + 1);
                granted += granted(replica.take(count)) ? count : 0;
                granted += granted(replica.take(1)) ? 1 : 0;
            }
            ticker.advance(step);
        }
        double all = rate.burst() + rate.perSecond() * 60;
        assertThat((double) granted).isBetween(all - 2 * LeasedTokens.portion(rate) - 2 - rate.perSecond() / 30, all);
    }

    @Test
    void aFloodIsRefusedWithoutAskingAnybody() {
        Bucket bucket = new Bucket(new Rate(10, 10), ticker);
        LeasedTokens replica = replica(new Rate(10, 10), bucket, LONG);
        for (int i = 0; i < 10; i++) {
            assertThat(granted(replica.take(1))).isTrue();
        }
        int asked = bucket.asked;
        for (int i = 0; i < 1000; i++) {
            Tokens.Taken refused = replica.take(1).toCompletableFuture().join();
            assertThat(refused.granted()).isFalse();
            assertThat(refused.untilThen()).isEqualTo(Duration.ofMillis(100));
        }
        assertThat(bucket.asked).isEqualTo(asked);
        ticker.advance(Duration.ofMillis(100));
        assertThat(granted(replica.take(1))).isTrue();
    }

    @Test
    void manyRequestsAskSeldom() {
        Rate rate = new Rate(10_000, 10_000);
        Bucket bucket = new Bucket(rate, ticker);
        LeasedTokens replica = replica(rate, bucket, LONG);
        for (int i = 0; i < 5_000; i++) {
            assertThat(granted(replica.take(1))).isTrue();
        }
        assertThat(bucket.asked).isLessThan(60);
    }

    @Test
    void theNextTokenIsThereBeforeItIsAskedFor() {
        SlowBucket bucket = new SlowBucket();
        LeasedTokens replica = replica(new Rate(50, 50), bucket, LONG);
        CompletionStage<Tokens.Taken> first = replica.take(1);
        CompletionStage<Tokens.Taken> second = replica.take(1);
        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(bucket.asked).as("one question at a time").hasSize(1);
        bucket.asked.get(0).complete(new SharedBucket.Reply(true, 48));
        assertThat(granted(first)).isTrue();
        assertThat(granted(second)).isTrue();
        assertThat(bucket.asked).as("asked in advance").hasSize(2);
        bucket.asked.get(1).complete(new SharedBucket.Reply(true, 47));
        assertThat(replica.take(1).toCompletableFuture()).isDone();
    }

    @Test
    void aBucketThatFailsIsNotWaitedForAfterSomeTimes() {
        SlowBucket bucket = new SlowBucket();
        LeasedTokens replica = replica(new Rate(1, 5), bucket, LONG);
        for (int i = 0; i < Circuit.TOO_MANY; i++) {
            CompletionStage<Tokens.Taken> taken = replica.take(1);
            bucket.asked.get(i).completeExceptionally(new IOException("gone"));
            assertThat(granted(taken)).as("by this replica's own tokens").isTrue();
        }
        assertThat(circuit.isClosed()).isFalse();
        assertThat(granted(replica.take(1))).isTrue();
        assertThat(granted(replica.take(1))).as("its own are limited, too").isFalse();
        assertThat(bucket.asked).hasSize(Circuit.TOO_MANY);

        ticker.advance(Circuit.FIRST_PAUSE);
        assertThat(circuit.mayTry()).isTrue();
        circuit.tried(true);
        CompletionStage<Tokens.Taken> again = replica.take(1);
        bucket.asked.getLast().complete(new SharedBucket.Reply(true, 3));
        assertThat(granted(again)).isTrue();
    }

    @Test
    void whatComesTooLateIsNotLost() {
        SlowBucket bucket = new SlowBucket();
        LeasedTokens replica = replica(new Rate(50, 50), bucket, Duration.ofMillis(1));
        assertThat(granted(replica.take(1))).as("after the time was over").isTrue();
        long late = bucket.counts.getFirst();
        bucket.asked.getFirst().complete(new SharedBucket.Reply(true, 40));
        for (int i = 0; i < late; i++) {
            assertThat(replica.take(1).toCompletableFuture()).isDone();
        }
    }

    @Test
    void whoNeedsMoreThanIsLeftLeavesItToOthers() {
        Rate rate = new Rate(10, 100);
        Bucket bucket = new Bucket(rate, ticker);
        LeasedTokens one = replica(rate, bucket, LONG);
        LeasedTokens other = replica(rate, bucket, LONG);
        assertThat(granted(one.take(60))).isTrue();
        assertThat(granted(one.take(60))).isFalse();
        assertThat(granted(other.take(30))).isTrue();
    }
}
