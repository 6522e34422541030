package io.modelyard.access;

import io.modelyard.model.ApiKey;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistryWriter;
import jakarta.inject.Singleton;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Keys as the registry's documents have them. */
@Singleton
final class RegistryKeys implements KeyStore {
    private final Registry registry;
    private final RegistryWriter writer;

    RegistryKeys(Registry registry, RegistryWriter writer) {
        this.registry = registry;
        this.writer = writer;
    }

    @Override
    public Map<String, ApiKey> keys() {
        return registry.current().keys();
    }

    @Override
    public boolean isRead() {
        return registry.state().isFromStore();
    }

    @Override
    public ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide) {
        return writer.changeKey(id, decide);
    }
}
