package io.modelyard.docs;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes with all that they started. */
final class Processes {
    private Processes() {}

    /** Asks them to end, as Ctrl-C in a terminal does, and after 40 seconds ends them. */
    static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        for (ProcessHandle each : all) {
            while (each.isAlive() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            each.destroyForcibly();
        }
    }
}
