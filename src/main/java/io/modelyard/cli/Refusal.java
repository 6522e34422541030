package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Locale;
import java.util.Optional;

/**
 * What a person reads when a command fails. What was foreseen is a sentence; only a defect of Modelyard shows a stack
 * trace.
 */
final class Refusal implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        Optional<Throwable> foreseen = foreseen(failure);
        PrintWriter err = command.getErr();
        String message = foreseen.map(Refusal::sentence).orElseGet(failure::toString);
        ExitCode code = foreseen.map(ExitCode::of).orElse(ExitCode.FAILED);
        if (foreseen.isPresent()) {
            err.println(message);
        } else {
            err.println("modelyard " + String.join(" ", parsed.originalArgs()) + " failed by a defect of modelyard:");
            failure.printStackTrace(err);
        }
        err.flush();
        if (command.getCommandSpec().userObject() instanceof StoreCommand asked && asked.isJson()) {
            ObjectNode document = JsonNodeFactory.instance.objectNode().put("status", "failed")
                    .put("exit_code", code.number())
                    .put("code", foreseen.isPresent() && foreseen.get() instanceof ServingFailure known
                            ? known.code()
                            : code.name().toLowerCase(Locale.ROOT))
                    .put("detail", message);
            new Console(command.getOut(), err, true, true).result(message, document);
        }
        return code.number();
    }

    private static String sentence(Throwable reason) {
        return reason instanceof BindException
                ? "The address is taken (" + reason.getMessage() + "): choose another port with --port or PORT"
                : String.valueOf(reason.getMessage());
    }

    /** The innermost cause whose message was written for people: a framework wraps it into others. */
    private static Optional<Throwable> foreseen(Throwable failure) {
        Throwable found = null;
        @Nullable
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 50; depth++) {
            if (isForPeople(each) && !(found instanceof StoreException)) {
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
            case UncheckedIOException _,ConfigurationException _,NotServedException _,DeniedException _,UnreachableException _ ->
                true;
            // Where a configuration is refused, its record says why.
            case IllegalArgumentException _ -> message.startsWith("modelyard.");
            default -> false;
        };
    }
}
