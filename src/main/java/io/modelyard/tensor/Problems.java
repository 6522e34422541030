package io.modelyard.tensor;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with an input, gathered while it is read, and where the reader is. For one thread. */
final class Problems {
    /** One more would tell the caller nothing new. */
    static final int MOST = 10;

    private final JsonPath path;
    private final List<InputProblem> found = new ArrayList<>(0);

    Problems(String pointer) {
        path = new JsonPath(pointer);
    }

    /** Where the reader is; problems are noted there. */
    JsonPath path() {
        return path;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** @throws InvalidInputException if these are enough */
    void add(String detail) {
        found.add(new InputProblem(path.pointer(), detail));
        if (found.size() == MOST) {
            throw new InvalidInputException(found);
        }
    }

    /** Notes a problem at the member {@code name} of where the reader is. */
    void addAt(String name, String detail) {
        path.push(name);
        add(detail);
        path.pop();
    }

    /** Notes a problem at the element {@code index} of where the reader is. */
    void addAt(int index, String detail) {
        path.push(index);
        add(detail);
        path.pop();
    }

    /** @throws InvalidInputException if there are any */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidInputException(found);
        }
    }
}
