package io.modelyard.requestlog;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;

/** Sets up the pool named {@code requestlog} for the kind of database that its URL names. */
@Singleton
final class LogDatasource implements BeanCreatedEventListener<DatasourceConfiguration> {
    static final String NAME = "requestlog";

    @Override
    public DatasourceConfiguration onCreated(BeanCreatedEvent<DatasourceConfiguration> event) {
        DatasourceConfiguration pool = event.getBean();
        if (pool.getName().equals(NAME)) {
            LogDatabase.of(pool.getUrl()).configure(pool);
        }
        return pool;
    }
}
