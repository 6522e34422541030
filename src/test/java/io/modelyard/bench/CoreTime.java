package io.modelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel says of the threads between a request and its answer.
 *
 * @param ran nanoseconds on a core
 * @param waited nanoseconds in which they could have run and had no core
 */
record CoreTime(long ran, long waited) {
    /** As the kernel names them: 15 letters. */
    private static final List<String> THREADS = List.of("predict-", "default-eventLo");

    /** Of a process, since it started. */
    static CoreTime of(long pid) throws IOException {
        CoreTime sum = new CoreTime(0, 0);
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                // Those that are asked for do not end while the server runs; others may.
                if (Files.exists(task) && isOfRequests(task)) {
                    String[] words = Files.readString(task.resolve("schedstat")).split(" ", -1);
                    sum = new CoreTime(sum.ran + Long.parseLong(words[0]), sum.waited + Long.parseLong(words[1]));
                }
            }
        }
        return sum;
    }

    private static boolean isOfRequests(Path task) {
        try {
            String name = Files.readString(task.resolve("comm"));
            return THREADS.stream().anyMatch(name::startsWith);
        } catch (IOException ended) {
            return false;
        }
    }

    CoreTime since(CoreTime before) {
        return new CoreTime(ran - before.ran, waited - before.waited);
    }
}
