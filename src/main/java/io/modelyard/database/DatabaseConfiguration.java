package io.modelyard.database;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Where the database is.
 *
 * @param url JDBC URL
 * @param user of PostgreSQL, unless the URL names one
 * @param password of that user
 * @param connectTimeout how long whoever needs a connection waits for one
 */
@ConfigurationProperties("modelyard.requestlog")
public record DatabaseConfiguration(String url, @Nullable String user, @Nullable String password,
        @Bindable(defaultValue = "5s") Duration connectTimeout) {
    /** The pool takes no less. */
    private static final Duration SHORTEST = Duration.ofMillis(250);

    public DatabaseConfiguration {
        Engine.of(url);
        if (connectTimeout.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("modelyard.requestlog.connect-timeout is " + connectTimeout
                    + "; it must be at least 250ms");
        }
        user = user == null || user.isEmpty() ? null : user;
        password = password == null || password.isEmpty() ? null : password;
    }

    /** Where the database is, without the secrets that a URL may hold. */
    @Override
    public String toString() {
        return Engine.of(url).toString();
    }
}
