package io.modelyard.registry;

import io.micronaut.context.event.ApplicationEventPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Tells the application of new snapshots: in order, one at a time, each event continuing where the last one ended. A
 * listener may change the registry; what comes of that is told after it returned.
 */
final class SnapshotNews {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotNews.class);

    private final ApplicationEventPublisher<RegistryChanged> events;
    private final ReentrantLock telling = new ReentrantLock();
    private RegistrySnapshot told;

    SnapshotNews(ApplicationEventPublisher<RegistryChanged> events, RegistrySnapshot first) {
        this.events = events;
        this.told = first;
    }

    /** Returns when the listeners know of what {@code newest} gives, unless called by one of them. */
    void tell(Supplier<RegistrySnapshot> newest) {
        if (telling.isHeldByCurrentThread()) {
            return;
        }
        telling.lock();
        try {
            for (RegistrySnapshot now = newest.get(); now != told; now = newest.get()) {
                RegistryChanged event = new RegistryChanged(told, now);
                told = now;
                publish(event);
            }
        } finally {
            telling.unlock();
        }
    }

    private void publish(RegistryChanged event) {
        try {
            events.publishEvent(event);
        } catch (RuntimeException e) {
            LOG.error("A listener failed on the change from snapshot {} to {}", event.previous().id(),
                    event.now().id(), e);
        }
    }
}
