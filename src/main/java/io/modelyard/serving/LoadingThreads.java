package io.modelyard.serving;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that load models: few, so that requests keep their cores. */
@Factory
final class LoadingThreads {
    static final String NAME = "model-loading";

    @Singleton
    @Named(NAME)
    @Bean(preDestroy = "shutdown")
    ExecutorService loading() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);
        return Executors.newFixedThreadPool(threads, Thread.ofPlatform().name(NAME + "-", 0).daemon().factory());
    }
}
