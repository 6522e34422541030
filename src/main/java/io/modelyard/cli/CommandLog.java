package io.modelyard.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.modelyard.logging.LogLevel;
import io.modelyard.logging.LogLevels;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The log while a command runs: warnings, as lines on standard error, and remembered for the result. {@code LOG_LEVEL} shows
 * more. The server's log is back when it is closed.
 */
final class CommandLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    /** Commands of one process share its log: the first one takes it, and the last one gives it back. Guards itself. */
    private static final List<CommandLog> OPEN = new ArrayList<>();
    private static final List<Appender<ILoggingEvent>> DETACHED = new ArrayList<>();
    private static @Nullable LogLevels before;

    private final Logger root;
    private final PrintWriter err;
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    private CommandLog(Logger root, PrintWriter err) {
        this.root = root;
        this.err = err;
    }

    static CommandLog to(PrintWriter err) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        CommandLog log = new CommandLog(context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME), err);
        log.setContext(context);
        log.start();
        synchronized (OPEN) {
            if (OPEN.isEmpty()) {
                takeOver(log.root, err, System.getenv("LOG_LEVEL"));
            }
            OPEN.add(log);
            log.root.addAppender(log);
        }
        return log;
    }

    private static void takeOver(Logger root, PrintWriter err, @Nullable String level) {
        for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext();) {
            DETACHED.add(all.next());
        }
        DETACHED.forEach(root::detachAppender);
        before = LogLevels.current();
        Optional<LogLevel> asked = level == null ? Optional.empty() : LogLevel.of(level);
        if (level != null && !level.isBlank() && asked.isEmpty()) {
            err.println("warning: LOG_LEVEL is '" + level + "', which is not one of " + LogLevel.words());
        }
        LogLevels.of(asked.orElse(LogLevel.WARN)).apply();
    }

    /** The warnings so far. */
    List<String> warnings() {
        synchronized (warnings) {
            return List.copyOf(warnings);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            warnings.add(event.getFormattedMessage());
        }
        err.println(label(event.getLevel()) + event.getFormattedMessage());
        if (event.getThrowableProxy() != null && event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            err.print(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        err.flush();
    }

    private static String label(Level level) {
        return level.equals(Level.WARN) ? "warning: " : level.toString().toLowerCase(Locale.ROOT) + ": ";
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            root.detachAppender(this);
            OPEN.remove(this);
            if (OPEN.isEmpty()) {
                DETACHED.forEach(root::addAppender);
                DETACHED.clear();
                if (before != null) {
                    before.apply();
                }
            }
        }
        stop();
    }
}
