package io.modelyard.serving;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.modelyard.background.BackgroundThreads;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that bring models into memory. */
@Factory
final class LoadingThreads {
    static final String NAME = "model-loading";
    static final String FETCHING = "model-fetching";

    /** They wait for the store, each for its model, so that nobody waits for the download of somebody else's. */
    @Singleton
    @Named(FETCHING)
    @Bean(preDestroy = "shutdown")
    ExecutorService fetching() {
        return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(FETCHING + "-", 0).factory());
    }

    /** Few, and giving way, so that requests keep their cores. */
    @Singleton
    @Named(NAME)
    @Bean(preDestroy = "shutdown")
    ExecutorService loading(BackgroundThreads background) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        return Executors.newFixedThreadPool(threads, background.factory(NAME + "-"));
    }
}
