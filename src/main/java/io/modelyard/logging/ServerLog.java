package io.modelyard.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.micronaut.core.convert.ConversionService;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;

/** The log of this process as the server's configuration wants it, which may be in a file that {@code logback.xml} knows nothing of. */
public final class ServerLog {
    private ServerLog() {}

    /**
     * Called once, before anything of the server is made. What is no level or format is left for the configuration to refuse.
     *
     * @param property the value of a property
     */
    public static void configure(Function<String, Optional<String>> property) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        property.apply(LogConfiguration.PREFIX + ".level").flatMap(LogLevel::of).map(LogLevels::of)
                .ifPresent(LogLevels::apply);
        property.apply(LogConfiguration.PREFIX + ".format")
                .flatMap(word -> ConversionService.SHARED.convert(word, LogFormat.class)).ifPresent(format -> {
                    for (Logger logger : context.getLoggerList()) {
                        for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext();) {
                            choose(all.next(), format);
                        }
                    }
                });
        // What libraries tell by java.util.logging would be lines of another form on standard error.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void choose(@Nullable Appender<ILoggingEvent> appender, LogFormat format) {
        if (appender instanceof OutputStreamAppender<ILoggingEvent> console
                && console.getEncoder() instanceof ChosenEncoder encoder) {
            encoder.choose(format);
        }
    }
}
