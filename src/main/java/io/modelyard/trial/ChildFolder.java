package io.modelyard.trial;

import java.nio.file.Path;

/** What server and child tell each other, as files of one folder. */
record ChildFolder(Path path) {
    /** From the server: the errand's class, its task, and how the runtimes are made. */
    Path order() {
        return path.resolve("order.json");
    }

    /** From the child: the bytes that were resident when the model's turn came. */
    Path baseline() {
        return path.resolve("baseline");
    }

    /** From the child: what came of it. */
    Path result() {
        return path.resolve("result.json");
    }

    /** From the Java platform: why the child ended, if it did by a signal that the platform knows. */
    Path crash() {
        return path.resolve("crash.log");
    }

    /** All that was written to standard output and error. */
    Path output() {
        return path.resolve("output.txt");
    }

    /** The child's temporary folder: libraries are extracted there. */
    Path temporary() {
        return path.resolve("tmp");
    }
}
