package io.modelyard.publish;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The threads that try models before they are published. An engine holds on to its thread as long as it computes, so they
 * are none of those that answer requests.
 */
@Factory
final class PublishThreads {
    static final String NAME = "publishing";

    @Singleton
    @Named(NAME)
    @Bean(preDestroy = "shutdown")
    ExecutorService publishing(ReceiveConfiguration configuration) {
        return Executors.newFixedThreadPool(configuration.maxUploads(),
                Thread.ofPlatform().name(NAME + "-", 0).daemon().factory());
    }
}
