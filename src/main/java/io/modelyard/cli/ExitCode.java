package io.modelyard.cli;

import io.micronaut.context.exceptions.ConfigurationException;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.store.StoreException;

import java.util.LinkedHashMap;
import java.util.Map;

/** How a command ends. Pipelines decide by the numbers, so they never change. */
enum ExitCode {
    DONE(0, "done, or it was so already"), FAILED(1,
            "the store or the server cannot be reached, or a defect of modelyard"), REFUSED(2,
                    "it makes no sense: wrong arguments, a model that cannot be served, an invalid manifest, an unknown name"), CONFLICT(
                            3,
                            "the version exists with other content, is in use or breaks its type's contract, or somebody was faster"), NOT_SERVED(
                                    4, "--wait: the version cannot be loaded there, or is not served in time"), DENIED(
                                            5, "the store or the server refuses access");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** Number to meaning, for the help. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        for (ExitCode code : values()) {
            table.put(String.valueOf(code.number), code.meaning);
        }
        return table;
    }

    static ExitCode of(Throwable failure) {
        return switch (failure) {
            case NotServedException _ -> NOT_SERVED;
            case DeniedException _ -> DENIED;
            case StoreException store -> store.isDenied() ? DENIED : FAILED;
            case ServingFailure serving -> of(serving);
            case InvalidModelException _,BadArgumentException _,ConfigurationException _,IllegalArgumentException _ ->
                REFUSED;
            default -> FAILED;
        };
    }

    private static ExitCode of(ServingFailure failure) {
        return switch (failure) {
            case ServingFailure.Unauthenticated _,ServingFailure.Forbidden _ -> DENIED;
            case ServingFailure.Conflict _,ServingFailure.RevisionConflict _ -> CONFLICT;
            case ServingFailure.BadParameter _,ServingFailure.MalformedJson _,ServingFailure.InvalidInput _ -> REFUSED;
            case ServingFailure.InvalidManifest _,ServingFailure.InvalidModel _,ServingFailure.NotFound _,ServingFailure.VersionDeleted _ ->
                REFUSED;
            case ServingFailure.BatchTooLarge _,ServingFailure.PayloadTooLarge _ -> REFUSED;
            case ServingFailure.ModelLoadFailed _ -> NOT_SERVED;
            case ServingFailure.InferenceFailed _,ServingFailure.Unavailable _,ServingFailure.Overloaded _ -> FAILED;
            case ServingFailure.DeadlineExceeded _,ServingFailure.ClientGone _ -> FAILED;
        };
    }
}
