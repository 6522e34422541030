package io.modelyard.tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** Where a reader is, as a JSON pointer (RFC 6901) that is only written out when something is wrong there. */
final class JsonPath {
    private final String root;
    private @Nullable String[] names = new String[8];
    private int[] indices = new int[8];
    private int depth;

    JsonPath(String root) {
        this.root = root;
    }

    /** Steps into a member. */
    void push(String name) {
        grow();
        names[depth++] = name;
    }

    /** Steps into an element. */
    void push(int index) {
        grow();
        names[depth] = null;
        indices[depth++] = index;
    }

    /** Goes to another element of the same array. */
    void index(int index) {
        indices[depth - 1] = index;
    }

    void pop() {
        depth--;
    }

    private void grow() {
        if (depth == names.length) {
            names = Arrays.copyOf(names, depth * 2);
            indices = Arrays.copyOf(indices, depth * 2);
        }
    }

    String pointer() {
        StringBuilder pointer = new StringBuilder(root);
        for (int i = 0; i < depth; i++) {
            String name = names[i];
            pointer.append('/');
            if (name == null) {
                pointer.append(indices[i]);
            } else {
                pointer.append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.toString();
    }
}
