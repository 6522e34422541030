package io.modelyard.requestlog;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.event.BeanInitializedEventListener;
import io.micronaut.context.event.BeanInitializingEvent;
import jakarta.inject.Singleton;

/**
 * Sets up the pool named {@code requestlog} for the kind of database that its URL names; before the pool looks for the
 * driver of that URL, so that one of no known kind is refused with the name of our property.
 */
@Singleton
final class LogDatasource implements BeanInitializedEventListener<DatasourceConfiguration> {
    static final String NAME = "requestlog";

    @Override
    public DatasourceConfiguration onInitialized(BeanInitializingEvent<DatasourceConfiguration> event) {
        DatasourceConfiguration pool = event.getBean();
        if (pool.getName().equals(NAME)) {
            LogDatabase.of(String.valueOf(pool.getConfiguredUrl())).configure(pool);
        }
        return pool;
    }
}
