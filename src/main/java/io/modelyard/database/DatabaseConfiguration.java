package io.modelyard.database;

import io.micronaut.context.annotation.ConfigurationProperties;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is.
 *
 * @param url JDBC URL
 * @param user of PostgreSQL, unless the URL names one
 * @param password of that user
 */
@ConfigurationProperties("modelyard.requestlog")
public record DatabaseConfiguration(String url, @Nullable String user, @Nullable String password) {
    public DatabaseConfiguration {
        Engine.of(url);
        user = user == null || user.isEmpty() ? null : user;
        password = password == null || password.isEmpty() ? null : password;
    }

    /** Where the database is, without the secrets that a URL may hold. */
    @Override
    public String toString() {
        return Engine.of(url).toString();
    }
}
