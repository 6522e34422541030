package io.modelyard.store.directory;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObservedStore;
import io.modelyard.store.StoreObserver;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;

/** Makes the store where {@code modelyard.store.uri} is a path or a {@code file:} URI, and refuses what is no store. */
@Factory
@Requires(property = "modelyard.store.uri", pattern = "(?!s3:).*")
final class DirectoryStoreFactory {
    @Singleton
    @Bean(typed = ObjectStore.class)
    ObservedStore directoryStore(@Property(name = "modelyard.store.uri") String uri, StoreObserver observer) {
        return new ObservedStore(new DirectoryStore(root(uri)), observer);
    }

    static Path root(String uri) {
        try {
            if (uri.startsWith("file:")) {
                String path = URI.create(uri).getPath();
                if (path != null && !path.isEmpty()) {
                    return Path.of(path);
                }
            } else if (!uri.isBlank() && !uri.contains("://")) {
                return Path.of(uri);
            }
        } catch (IllegalArgumentException e) {
            throw refused(uri, e);
        }
        throw refused(uri, null);
    }

    private static ConfigurationException refused(String uri, @Nullable Throwable cause) {
        return new ConfigurationException("modelyard.store.uri is '" + uri
                + "': it must be a path, a file:///path URI or s3://bucket/prefix", cause);
    }
}
