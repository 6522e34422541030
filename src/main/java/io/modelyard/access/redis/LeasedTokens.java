package io.modelyard.access.redis;

import io.modelyard.access.LocalTokens;
import io.modelyard.access.Ticker;
import io.modelyard.access.Tokens;
import io.modelyard.model.KeyLimits.Rate;
import io.modelyard.redis.Circuit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tokens that are taken from the shared bucket a few at a time, in advance, so that a request seldom waits for them. What is
 * granted was taken from the bucket before, so that all replicas together never grant more than there was; what one of them has
 * taken and not yet granted is at most a {@link #portion}. Whoever asks for more than can be there is refused without asking the
 * bucket. While the bucket cannot be reached this replica's own tokens count. Safe for use by many threads; does not block.
 */
final class LeasedTokens implements Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedTokens.class);
    /** So little of a second's tokens is held that the limit is as good as exact over a minute. */
    private static final double PORTION_SECONDS = 0.02;
    private static final int PORTIONS_OF_BURST = 20;
    private static final double NANOS = 1e9;

    private final Rate rate;
    private final LocalTokens local;
    private final SharedBucket bucket;
    private final Circuit circuit;
    private final Ticker ticker;
    private final Duration timeout;
    private final long portion;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private long held;
    /** In the bucket when it was asked last. */
    private double left;
    private long leftAt;
    private long fetches;
    /** On whose answer the waiters wait. */
    private @Nullable Fetch current;

    private record Waiter(long count, CompletableFuture<Taken> taken) {}

    private record Answer(Waiter waiter, Taken taken) {}

    /**
     * @param number no two have the same
     * @param least what at least is of use
     */
    private record Fetch(long number, long most, long least) {}

    /** @param left in the bucket after that */
    private record Fetched(long count, double left) {}

    LeasedTokens(Rate rate, LocalTokens local, SharedBucket bucket, Circuit circuit, Ticker ticker, Duration timeout) {
        this.rate = rate;
        this.local = local;
        this.bucket = bucket;
        this.circuit = circuit;
        this.ticker = ticker;
        this.timeout = timeout;
        this.portion = portion(rate);
        this.left = (double) rate.burst();
        this.leftAt = ticker.nanos();
    }

    /** How many tokens a replica takes in advance. */
    static long portion(Rate rate) {
        return Math.max(1, Math.min((long) (rate.perSecond() * PORTION_SECONDS), rate.burst() / PORTIONS_OF_BURST));
    }

    @Override
    public CompletionStage<Taken> take(long count) {
        if (!circuit.isClosed()) {
            return local.take(count);
        }
        CompletionStage<Taken> answer;
        Fetch fetch;
        lock.lock();
        try {
            Taken now = waiters.isEmpty() ? takeHere(count) : null;
            if (now == null) {
                Waiter waiter = new Waiter(count, new CompletableFuture<>());
                waiters.add(waiter);
                answer = waiter.taken();
            } else {
                answer = CompletableFuture.completedStage(now);
            }
            fetch = next();
        } finally {
            lock.unlock();
        }
        if (fetch != null) {
            start(fetch);
        }
        return answer;
    }

    /** Null where the bucket must be asked. */
    private @Nullable Taken takeHere(long count) {
        if (held >= count) {
            held -= count;
            return new Taken(true, held + (long) left, Duration.ZERO);
        }
        double there = held + mostLeft();
        return there >= count ? null : refused(count, there);
    }

    /** @param there may be enough, where somebody else was faster */
    private Taken refused(long count, double there) {
        double seconds = Math.max(0, count - there) / rate.perSecond();
        return new Taken(false, (long) Math.max(0, there), Duration.ofNanos((long) Math.ceil(seconds * NANOS)));
    }

    /** In the bucket now, if nobody else has taken any. */
    private double mostLeft() {
        return Math.min((double) rate.burst(), left + (ticker.nanos() - leftAt) / NANOS * rate.perSecond());
    }

    /** What is to be fetched now; null where nothing is, or it is already under way. */
    private @Nullable Fetch next() {
        if (current != null) {
            return null;
        }
        Waiter first = waiters.peek();
        if (first == null) {
            // Before the last one is gone, so that the next request need not wait.
            return held <= portion / 2 && mostLeft() >= 1 ? begin(portion, 1) : null;
        }
        long wanted = waiters.stream().mapToLong(Waiter::count).sum() - held;
        return begin(Math.min(rate.burst(), wanted + portion), Math.max(1, first.count() - held));
    }

    private Fetch begin(long most, long least) {
        Fetch fetch = new Fetch(fetches++, most, least);
        current = fetch;
        return fetch;
    }

    private void start(Fetch fetch) {
        CompletableFuture<Fetched> fetched = ask(fetch).toCompletableFuture();
        var _ = fetched.copy().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((_, failure) -> {
            if (failure != null) {
                gaveUp(fetch, failure);
            }
        });
        // Also when it comes late: the tokens are out of the bucket.
        var _ = fetched.thenAccept(came -> arrived(fetch, came));
    }

    private CompletionStage<Fetched> ask(Fetch fetch) {
        return bucket.take(fetch.most()).thenCompose(reply -> {
            if (reply.taken()) {
                return CompletableFuture.completedStage(new Fetched(fetch.most(), reply.remaining()));
            }
            if (reply.remaining() < fetch.least()) {
                return CompletableFuture.completedStage(new Fetched(0, reply.remaining()));
            }
            long rest = Math.min((long) reply.remaining(), fetch.most());
            return bucket.take(rest).thenApply(second -> new Fetched(second.taken() ? rest : 0, second.remaining()));
        });
    }

    private void arrived(Fetch fetch, Fetched came) {
        List<Answer> answers = new ArrayList<>();
        Fetch next = null;
        lock.lock();
        try {
            held += came.count();
            left = came.left();
            leftAt = ticker.nanos();
            if (fetch.equals(current)) {
                current = null;
                circuit.asked(true);
                settle(came.count() == 0, answers);
                next = next();
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            start(next);
        }
        answers.forEach(answer -> answer.waiter().taken().complete(answer.taken()));
    }

    /** @param nothing whether there was nothing to be had, so that whoever is not served now is refused */
    private void settle(boolean nothing, List<Answer> answers) {
        for (Waiter first = waiters.peek(); first != null; first = waiters.peek()) {
            Taken taken;
            if (held >= first.count()) {
                held -= first.count();
                taken = new Taken(true, held + (long) left, Duration.ZERO);
            } else if (nothing || held + mostLeft() < first.count()) {
                taken = refused(first.count(), held + mostLeft());
            } else {
                return;
            }
            answers.add(new Answer(waiters.remove(), taken));
        }
    }

    /** The bucket does not answer in time: those who wait for it get this replica's own tokens. */
    private void gaveUp(Fetch fetch, Throwable why) {
        List<Waiter> abandoned;
        lock.lock();
        try {
            if (!fetch.equals(current)) {
                return;
            }
            current = null;
            abandoned = List.copyOf(waiters);
            waiters.clear();
        } finally {
            lock.unlock();
        }
        if (circuit.asked(false)) {
            LOG.warn(
                    "Redis does not answer in time, and until it does each replica holds keys to their limits by itself: {}",
                    why.toString());
        }
        abandoned.forEach(waiter -> waiter.taken().complete(local.takeNow(waiter.count())));
    }
}
