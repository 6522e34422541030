package io.modelyard.store.s3;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Finds out beside the start of a server, and without delaying it, whether the bucket keeps create-only writes. */
@Singleton
@Requires(bean = S3Store.class)
final class S3StartCheck implements ApplicationEventListener<ServerStartupEvent> {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final S3Store store;
    private volatile @Nullable Thread thread;

    S3StartCheck(S3Store store) {
        this.store = store;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("s3-start-check").start(store.probe()::atStart);
    }

    /** Waits a moment, so that the scratch object goes before the connections do. */
    @PreDestroy
    void stop() throws InterruptedException {
        Thread running = thread;
        if (running != null && !running.join(PATIENCE)) {
            running.interrupt();
        }
    }
}
