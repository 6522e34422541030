package io.modelyard.background;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * @param niceness by how much the priority of threads that fetch, hash, load and warm models is below that of the others
 *        on Linux; 0 for not at all
 */
@ConfigurationProperties("modelyard.background")
public record BackgroundConfiguration(@Bindable(defaultValue = "10") int niceness) {
    public BackgroundConfiguration {
        if (niceness < 0 || niceness > Niceness.MOST) {
            throw new ConfigurationException("modelyard.background.niceness is " + niceness + "; it must be from 0, for"
                    + " no difference, to " + Niceness.MOST);
        }
    }
}
