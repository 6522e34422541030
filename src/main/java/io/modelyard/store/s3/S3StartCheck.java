package io.modelyard.store.s3;

import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Finds out beside the start of a server, and without delaying it, whether the bucket keeps create-only writes. */
@Singleton
@Requires(bean = S3Store.class)
final class S3StartCheck implements ApplicationEventListener<ServerStartupEvent> {
    private final S3Store store;
    private volatile @Nullable Thread thread;

    S3StartCheck(S3Store store) {
        this.store = store;
    }

    @Override
    public void onApplicationEvent(ServerStartupEvent event) {
        thread = Thread.ofVirtual().name("s3-start-check").start(store.probe()::atStart);
    }

    @PreDestroy
    void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
