package io.modelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of this process, as Linux says. */
final class Resident {
    private Resident() {}

    static long bytes() throws IOException {
        return of(ProcessHandle.current().pid());
    }

    /** Of another process. */
    static long of(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("process " + pid + " has no resident memory");
    }
}
