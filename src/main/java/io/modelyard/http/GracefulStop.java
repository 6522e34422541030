package io.modelyard.http;

import io.micronaut.context.event.ApplicationEventPublisher;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * The first step of a stop, while all of the application still works: readiness goes down, then new requests are refused,
 * and what was taken is answered. Closing the application comes after it, in the order in which the parts need each
 * other: the request log is written to its end, the models are let go. Not part of closing, because an application that is
 * being closed makes no bean any more, which answering may need.
 */
@Singleton
public final class GracefulStop {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    private final InFlight inFlight;
    private final ShutdownConfiguration configuration;
    private final ApplicationEventPublisher<ServerLeaving> events;

    GracefulStop(InFlight inFlight, ShutdownConfiguration configuration,
            ApplicationEventPublisher<ServerLeaving> events) {
        this.events = events;
        this.inFlight = inFlight;
        this.configuration = configuration;
    }

    /** Returns when all that was taken is answered, or the time for that is over, or the thread is interrupted. */
    public void stop() {
        long deadline = System.nanoTime() + configuration.forRequests().toNanos();
        try {
            inFlight.enter(InFlight.Phase.LEAVING);
            events.publishEvent(new ServerLeaving());
            delay();
            inFlight.enter(InFlight.Phase.REFUSING);
            answerAll(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void delay() throws InterruptedException {
        Duration delay = configuration.delay();
        if (delay.isPositive()) {
            LOG.info("Stopping: not ready any more; requests are refused in {} ms", delay.toMillis());
            Thread.sleep(delay);
        }
    }

    private void answerAll(long deadline) throws InterruptedException {
        int requests = inFlight.requests();
        if (requests > 0) {
            LOG.info("Stopping: {} requests are still to be answered", requests);
        }
        if (!inFlight.awaitNone(deadline)) {
            LOG.warn("Stopping: {} requests are dropped, which were not answered within {} ms", inFlight.requests(),
                    configuration.forRequests().toMillis());
            inFlight.abandon();
        }
    }
}
