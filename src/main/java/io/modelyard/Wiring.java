package io.modelyard;

import io.micronaut.context.annotation.Factory;
import io.modelyard.access.KeyStore;
import io.modelyard.model.ApiKey;
import io.modelyard.registry.KnownRuntimes;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What no package can say for itself: which clock, which chance, and what packages that are strangers know of each other. */
@Factory
final class Wiring {
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Singleton
    RandomGenerator random() {
        return new SecureRandom();
    }

    @Singleton
    KeyStore keyStore(Registry registry, RegistryWriter writer) {
        return new KeyStore() {
            @Override
            public Map<String, ApiKey> keys() {
                return registry.current().keys();
            }

            @Override
            public ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide) {
                return writer.changeKey(id, decide);
            }
        };
    }

    @Singleton
    KnownRuntimes knownRuntimes(List<ModelRuntime> runtimes) {
        return new KnownRuntimes(runtimes.stream().map(ModelRuntime::name).collect(Collectors.toSet()));
    }
}
