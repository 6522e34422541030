package io.modelyard;

import io.micronaut.context.annotation.Factory;
import io.modelyard.registry.KnownRuntimes;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What is put together from several rooms, and the clock that all read. */
@Factory
final class Wiring {
    @Singleton
    KnownRuntimes knownRuntimes(List<ModelRuntime> runtimes) {
        return new KnownRuntimes(runtimes.stream().map(ModelRuntime::name).collect(Collectors.toSet()));
    }

    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }
}
