package io.modelyard.cli;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Optional;

/**
 * What a person reads when a command fails. What was foreseen is a sentence; only a defect of Modelyard shows a stack
 * trace.
 */
final class Refusal implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        Optional<Throwable> foreseen = foreseen(failure);
        if (foreseen.isEmpty()) {
            LOG.error("modelyard {} failed", String.join(" ", parsed.originalArgs()), failure);
            return CommandLine.ExitCode.SOFTWARE;
        }
        Throwable reason = foreseen.get();
        command.getErr().println(reason instanceof BindException
                ? "The address is taken (" + reason.getMessage() + "): choose another port with --port or PORT"
                : String.valueOf(reason.getMessage()));
        command.getErr().flush();
        return reason instanceof InvalidModelException || reason instanceof BadArgumentException
                ? CommandLine.ExitCode.USAGE
                : CommandLine.ExitCode.SOFTWARE;
    }

    /** The innermost cause whose message was written for people: a framework wraps it into others. */
    private static Optional<Throwable> foreseen(Throwable failure) {
        Throwable found = null;
        @Nullable
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 50; depth++) {
            if (isForPeople(each)) {
                found = each;
            }
            each = each.getCause();
        }
        return Optional.ofNullable(found);
    }

    private static boolean isForPeople(Throwable each) {
        String message = each.getMessage();
        return message != null && switch (each) {
            case InvalidModelException _,BadArgumentException _,ServingFailure _,StoreException _,BindException _ ->
                true;
            case UncheckedIOException _,ConfigurationException _ -> true;
            // Where a configuration is refused, its record says why.
            case IllegalArgumentException _ -> message.startsWith("modelyard.");
            default -> false;
        };
    }
}
