package io.modelyard.database;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.event.BeanInitializedEventListener;
import io.micronaut.context.event.BeanInitializingEvent;
import jakarta.inject.Singleton;

/**
 * Sets up the pool of connections for the product that the URL names; before the pool looks for the driver of that URL,
 * so that one of no known product is refused with the name of our property.
 */
@Singleton
final class DatabasePool implements BeanInitializedEventListener<DatasourceConfiguration> {
    private final DatabaseConfiguration configuration;

    DatabasePool(DatabaseConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public DatasourceConfiguration onInitialized(BeanInitializingEvent<DatasourceConfiguration> event) {
        DatasourceConfiguration pool = event.getBean();
        if (pool.getName().equals(Database.NAME)) {
            Engine.of(configuration.url()).configure(pool);
            pool.setConnectionTimeout(configuration.connectTimeout().toMillis());
            if (configuration.user() != null) {
                pool.setUsername(configuration.user());
            }
            if (configuration.password() != null) {
                pool.setPassword(configuration.password());
            }
        }
        return pool;
    }
}
