package io.modelyard.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.MediaType;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.tensor.InputProblem;

import java.util.List;

/**
 * The body of every answer that is an error: problem details for HTTP APIs (RFC 9457), with members of our own.
 *
 * @param type {@code about:blank}: the {@code code} says which problem it is
 * @param title the reason phrase of the status
 * @param code one word that programs may rely on, {@code version_not_found} for example
 * @param detail a sentence for people: what is wrong, where, and what to do
 * @param retryable whether the same request may succeed later
 * @param requestId as in the header {@code X-Request-Id}
 * @param errors one for each thing that is wrong with the input; empty for other problems
 */
@Serdeable
public record Problem(String type, String title, int status, String code, String detail, boolean retryable,
        String requestId, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Entry> errors) {
    static final String MEDIA_TYPE = "application/problem+json";
    static final MediaType MEDIA = MediaType.of(MEDIA_TYPE);

    /**
     * One thing that is wrong with the input.
     *
     * @param pointer JSON pointer (RFC 6901) into the request body
     */
    @Serdeable
    public record Entry(String pointer, String detail) {
        static Entry of(InputProblem problem) {
            return new Entry(problem.pointer(), problem.detail());
        }
    }

    public Problem {
        errors = List.copyOf(errors);
    }
}
