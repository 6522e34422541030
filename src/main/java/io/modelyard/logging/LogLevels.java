package io.modelyard.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/**
 * How much is told in this process.
 *
 * @param own by Modelyard
 * @param libraries by all others, as {@link LibrariesLevel} makes it
 */
public record LogLevels(Level own, Level libraries) {
    private static final String OURS = "io.modelyard";

    public static LogLevels of(LogLevel level) {
        Level own = Level.valueOf(level.name());
        return new LogLevels(own, LibrariesLevel.of(own));
    }

    /** Those in effect. */
    public static LogLevels current() {
        return new LogLevels(logger(OURS).getEffectiveLevel(), logger(Logger.ROOT_LOGGER_NAME).getLevel());
    }

    /** From the next line on. */
    public void apply() {
        logger(OURS).setLevel(own);
        logger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
    }

    private static Logger logger(String name) {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(name);
    }
}
