package io.modelyard.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.core.PropertyDefinerBase;

/**
 * The level of all that is not Modelyard's own, made of the configured one: as quiet as that, and never more than {@code info}. What
 * libraries tell beyond that has the content of requests in it, keys and passwords among it: Netty and HttpClient write whole
 * messages, Micronaut every property that it resolves. Whoever needs it asks for the one logger.
 */
public final class LibrariesLevel extends PropertyDefinerBase {
    private String level = "";

    /** Called by Logback with what {@code logback.xml} says. */
    public void setLevel(String configured) {
        level = configured;
    }

    @Override
    public String getPropertyValue() {
        return of(Level.toLevel(level, Level.INFO)).toString();
    }

    static Level of(Level own) {
        return own.isGreaterOrEqual(Level.INFO) ? own : Level.INFO;
    }
}
