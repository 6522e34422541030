package io.modelyard.registry;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/** A document that is not what its schema and the rules beyond it ask for. */
public final class InvalidDocumentException extends Exception {
    private static final int SHOWN = 5;

    private final transient List<Problem> problems;
    private final boolean newer;

    /**
     * One thing that is wrong.
     *
     * @param pointer JSON pointer (RFC 6901) into the document; empty for the document itself
     * @param detail what is wrong there and what would be right
     */
    public record Problem(String pointer, String detail) {
        @Override
        public String toString() {
            return pointer.isEmpty() ? detail : pointer + ": " + detail;
        }
    }

    InvalidDocumentException(List<Problem> problems) {
        this(problems, false, null);
    }

    private InvalidDocumentException(List<Problem> problems, boolean newer, @Nullable Throwable cause) {
        super(sentence(problems), cause);
        this.problems = List.copyOf(problems);
        this.newer = newer;
    }

    static InvalidDocumentException of(String pointer, String detail, @Nullable Throwable cause) {
        return new InvalidDocumentException(List.of(new Problem(pointer, detail)), false, cause);
    }

    static InvalidDocumentException ofNewerForm(String version) {
        return new InvalidDocumentException(List.of(new Problem("/schema_version", "the document has form " + version
                + " and this Modelyard reads form 1: upgrade it")), true, null);
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** Whether the document is of a form that only a newer Modelyard knows. */
    public boolean isNewerForm() {
        return newer;
    }

    private static String sentence(List<Problem> problems) {
        String shown = problems.stream().limit(SHOWN).map(Problem::toString).collect(Collectors.joining("; "));
        return problems.size() <= SHOWN ? shown : shown + "; and " + (problems.size() - SHOWN) + " more";
    }
}
