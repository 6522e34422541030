package io.modelyard.store.s3;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreObserver;
import jakarta.inject.Singleton;

/** Makes the store where {@code modelyard.store.uri} is {@code s3://bucket/prefix}. */
@Factory
@Requires(property = "modelyard.store.uri", pattern = "s3:.*")
final class S3StoreFactory {
    @Singleton
    @Bean(typed = {ObjectStore.class, S3Store.class}, preDestroy = "close")
    S3Store s3Store(@Property(name = "modelyard.store.uri") String uri, S3Configuration configuration,
            @Property(name = "modelyard.store.allow-unconditional-writes", defaultValue = "false") boolean unconditionalAllowed,
            StoreObserver observer) {
        return new S3Store(S3Location.of(uri), configuration, unconditionalAllowed, observer);
    }
}
