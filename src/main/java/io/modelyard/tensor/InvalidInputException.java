package io.modelyard.tensor;

import java.util.List;

/** JSON that does not fit a signature. */
public final class InvalidInputException extends RuntimeException {
    private final transient List<InputProblem> problems;

    /** @param problems at least one, in the order of the text */
    public InvalidInputException(List<InputProblem> problems) {
        super(problems.getFirst().pointer() + ": " + problems.getFirst().detail(), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public InvalidInputException(String pointer, String detail) {
        this(List.of(new InputProblem(pointer, detail)));
    }

    public List<InputProblem> problems() {
        return problems;
    }
}
