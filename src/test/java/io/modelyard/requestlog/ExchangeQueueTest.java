package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.NOON;
import static io.modelyard.requestlog.Exchanges.exchange;
import static io.modelyard.requestlog.Exchanges.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import io.modelyard.requestlog.RequestLogConfiguration.Overflow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

@Timeout(30)
final class ExchangeQueueTest {
    private static final Duration NOT_AT_ALL = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final RequestLogStats stats = new RequestLogStats();

    @Test
    void takesNoMoreRowsThanItsBound() throws InterruptedException {
        ExchangeQueue queue = queue(3, 1_000_000, 2, Durability.ASYNC);
        assertThat(offers(queue, "a", "b", "c", "d")).containsExactly(true, true, true, false);
        assertThat(stats.queuedRows()).isEqualTo(3);
        List<QueuedExchange> batch = queue.take(LONG);
        assertThat(ids(batch)).containsExactly("a", "b");
        assertThat(offers(queue, "e")).as("while the batch is written, its rows still are in memory")
                .containsExactly(false);
        queue.done(batch);
        assertThat(offers(queue, "f", "g", "h")).containsExactly(true, true, false);
    }

    @Test
    void takesNoMoreBytesThanItsBoundButAnyRowWhenEmpty() throws InterruptedException {
        ExchangeQueue queue = queue(1_000, 1_000_000, 10, Durability.ASYNC);
        assertThat(queue.offer(large("a", 3_000_000))).isTrue();
        assertThat(queue.offer(large("b", 10))).isFalse();
        queue.done(queue.take(LONG));
        assertThat(queue.offer(large("c", 600_000))).isTrue();
        assertThat(queue.offer(large("d", 600_000))).isFalse();
        assertThat(queue.offer(large("e", 100_000))).isTrue();
        assertThat(stats.queuedBytes()).isBetween(700_000L, 710_000L);
    }

    @Test
    void aFullBatchDoesNotWaitForItsDelay() throws InterruptedException {
        ExchangeQueue queue = new ExchangeQueue(
                configuration(100, 1_000_000, 2, Durability.ASYNC, Duration.ofMillis(800)), stats);
        long start = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            offers(queue, "a" + i, "b" + i);
            assertThat(queue.take(LONG)).hasSize(2);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void theOneWhoTakesIsWokenByWhatArrives() throws Exception {
        ExchangeQueue queue = queue(10, 1_000_000, 5, Durability.SYNC);
        CompletableFuture<List<QueuedExchange>> taken = CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take(LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofVirtual().start(task));
        offers(queue, "a");
        assertThat(ids(taken.get())).containsExactly("a");
    }

    @Test
    void thoseOutsideComeInWhenThereIsRoomInTheirOrder() throws InterruptedException {
        ExchangeQueue queue = queue(2, 1_000_000, 2, Durability.ASYNC);
        offers(queue, "a", "b");
        QueuedExchange c = waiting("c");
        QueuedExchange d = waiting("d");
        QueuedExchange e = waiting("e");
        assertThat(List.of(queue.offerOrWait(c), queue.offerOrWait(d), queue.offerOrWait(e))).containsOnly(true);
        assertThat(queue.done(queue.take(LONG))).containsExactly(c, d);
        assertThat(offers(queue, "f")).as("not past one who waits").containsExactly(false);
        List<QueuedExchange> batch = queue.take(LONG);
        assertThat(ids(batch)).containsExactly("c", "d");
        assertThat(queue.done(batch)).containsExactly(e);
    }

    @Test
    void answersThatWaitForTheCommitAreReleasedWithTheirBatch() throws InterruptedException {
        ExchangeQueue queue = queue(10, 1_000_000, 10, Durability.SYNC);
        QueuedExchange a = waiting("a");
        queue.offerOrWait(a);
        assertThat(queue.done(queue.take(LONG))).containsExactly(a);
    }

    @Test
    void thoseWhoseAnswersWentWithoutRoomAreDroppedAndCounted() {
        ExchangeQueue queue = queue(1, 1_000_000, 1, Durability.ASYNC);
        offers(queue, "a");
        for (int i = 0; i < 1_000; i++) {
            QueuedExchange exchange = waiting("b" + i);
            queue.offerOrWait(exchange);
            answer(exchange).complete(null);
        }
        queue.offerOrWait(waiting("c"));
        assertThat(stats.dropped()).isEqualTo(1_000);
    }

    @Test
    void aClosedQueueGivesOutWhatItHasAndTakesNothing() throws InterruptedException {
        ExchangeQueue queue = queue(2, 1_000_000, 2, Durability.ASYNC);
        offers(queue, "a", "b");
        queue.offerOrWait(waiting("c"));
        queue.close();
        assertThat(offers(queue, "d")).containsExactly(false);
        assertThat(queue.offerOrWait(waiting("e"))).isFalse();
        assertThat(ids(queue.take(LONG))).containsExactly("a", "b");
        assertThat(ids(queue.take(LONG))).containsExactly("c");
        assertThat(queue.take(LONG)).isEmpty();
        assertThat(queue.isClosed()).isTrue();
    }

    @Test
    void whoeverTakesFromAnEmptyQueueGetsNothingAfterItsPatience() throws InterruptedException {
        assertThat(queue(2, 1_000_000, 2, Durability.ASYNC).take(NOT_AT_ALL)).isEmpty();
    }

    private ExchangeQueue queue(int rows, long bytes, int batch, Durability durability) {
        return new ExchangeQueue(configuration(rows, bytes, batch, durability, NOT_AT_ALL), stats);
    }

    private static RequestLogConfiguration configuration(int rows, long bytes, int batch, Durability durability,
            Duration delay) {
        return new RequestLogConfiguration(Overflow.BLOCK, durability, rows, bytes, batch,
                delay, LONG, 400_000, LONG, 1_000_000, LONG);
    }

    private static List<Boolean> offers(ExchangeQueue queue, String... ids) {
        return Arrays.stream(ids).map(id -> queue.offer(QueuedExchange.of(exchange(id), 100_000, null)))
                .toList();
    }

    private static QueuedExchange waiting(String id) {
        return QueuedExchange.of(exchange(id), 100_000, new CompletableFuture<>());
    }

    private static QueuedExchange large(String id, int bytes) {
        return QueuedExchange.of(
                exchange(id, NOON, model("t", "1", "full"), 200, "[]", "\"" + "x".repeat(bytes) + "\""),
                Long.MAX_VALUE, null);
    }

    @SuppressWarnings("NullAway") // The exchanges of waiting() have one.
    private static CompletableFuture<Void> answer(QueuedExchange exchange) {
        return exchange.answer();
    }

    private static List<String> ids(List<QueuedExchange> batch) {
        return batch.stream().map(queued -> queued.exchange().predictionId()).toList();
    }
}
