package io.modelyard.http;

import io.modelyard.model.ServingFailure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a failure means to the caller.
 *
 * @param detail what is wrong, where, and what to do; nothing about the inside of the server
 * @param retryAfter when it makes sense to come back
 */
record Diagnosis(int status, String code, String detail, boolean retryable, List<Problem.Entry> errors,
        Optional<Duration> retryAfter) {

    static Diagnosis of(int status, String code, String detail) {
        return new Diagnosis(status, code, detail, false, List.of(), Optional.empty());
    }

    /** A body that can be read and does not say what it should. */
    static Diagnosis ofInput(List<Problem.Entry> errors) {
        Problem.Entry first = errors.getFirst();
        String detail = (errors.size() == 1 ? "" : errors.size() + " problems; the first at ") + first.pointer() + ": "
                + first.detail();
        return new Diagnosis(422, "invalid_input", detail, false, errors, Optional.empty());
    }

    static Diagnosis of(ServingFailure failure) {
        List<Problem.Entry> errors = failure instanceof ServingFailure.InvalidInput input
                ? input.problems().stream().map(Problem.Entry::of).toList()
                : List.of();
        Optional<Duration> retryAfter = switch (failure) {
            case ServingFailure.Overloaded overloaded -> Optional.of(overloaded.retryAfter());
            case ServingFailure.ModelLoadFailed failed -> failed.retryAfter();
            default -> Optional.empty();
        };
        return new Diagnosis(FailureStatus.of(failure), failure.code(), failure.detail(), failure.retryable(), errors,
                retryAfter);
    }
}
