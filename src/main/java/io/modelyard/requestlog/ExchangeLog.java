package io.modelyard.requestlog;

import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.modelyard.predict.Exchange;
import io.modelyard.predict.ExchangeObserver;
import io.modelyard.requestlog.RequestLogConfiguration.Durability;
import io.modelyard.requestlog.RequestLogConfiguration.Overflow;
import jakarta.inject.Singleton;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Puts every exchange into the queue of the writer, and says how long its answer waits. */
@Singleton
final class ExchangeLog implements ExchangeObserver, ApplicationEventListener<ServerStartupEvent> {
    private static final CompletionStage<Void> AT_ONCE = CompletableFuture.completedStage(null);

    private final RequestLogConfiguration configuration;
    private final ExchangeQueue queue;
    private final RequestLogStats stats;
    private final LogWriter writer;
    private final InstantSource clock;

    ExchangeLog(RequestLogConfiguration configuration, ExchangeQueue queue, RequestLogStats stats, LogWriter writer) {
        this.configuration = configuration;
        this.queue = queue;
        this.stats = stats;
        this.writer = writer;
        this.clock = InstantSource.system();
    }

    /** Opens the database before the first prediction comes. */
    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        writer.start();
    }

    @Override
    public void observed(Exchange exchange) {
        writer.start();
        if (!queue.offer(QueuedExchange.of(exchange, configuration.maxRowBytes(), null))) {
            stats.drop(1);
        }
    }

    @Override
    public CompletionStage<Void> answerAfter(Exchange exchange) {
        if (configuration.durability() == Durability.ASYNC && configuration.overflow() == Overflow.DROP) {
            observed(exchange);
            return AT_ONCE;
        }
        writer.start();
        QueuedExchange waitsForNothing = QueuedExchange.of(exchange, configuration.maxRowBytes(), null);
        Duration patience = patience();
        if (patience.isZero()) {
            if (!queue.offer(waitsForNothing)) {
                stats.drop(1);
            }
            return AT_ONCE;
        }
        if (configuration.durability() == Durability.ASYNC && queue.offer(waitsForNothing)) {
            return AT_ONCE;
        }
        CompletableFuture<Void> answer = new CompletableFuture<>();
        QueuedExchange waits = new QueuedExchange(waitsForNothing.exchange(), waitsForNothing.truncated(), answer);
        if (!queue.offerOrWait(waits)) {
            stats.drop(1);
            return AT_ONCE;
        }
        return answer.completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * How long an answer may wait now. A database that does not take rows makes answers late for {@code max-wait} after
     * it began to fail, and no longer: it must not fail predictions, nor slow all of them down for hours.
     */
    private Duration patience() {
        return stats.failingSince().map(since -> {
            Duration left = configuration.maxWait().minus(Duration.between(since, clock.instant()));
            return left.isNegative() ? Duration.ZERO : left;
        }).orElse(configuration.maxWait());
    }
}
