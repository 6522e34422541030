package io.modelyard.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The resident memory of a process, as Linux tells it; elsewhere nothing is known, and nothing limited. */
public record ResidentMemory(Path folder) {
    private static final String NOW = "VmRSS:";
    private static final String PEAK = "VmHWM:";
    private static final long KILOBYTE = 1024;

    public static ResidentMemory own() {
        return new ResidentMemory(Path.of("/proc/self"));
    }

    static ResidentMemory of(long pid) {
        return new ResidentMemory(Path.of("/proc", Long.toString(pid)));
    }

    /** Bytes now; empty where they are not known, or the process is gone. */
    public OptionalLong now() {
        return read(NOW);
    }

    /** The most bytes since the start or since {@link #resetPeak()}. */
    OptionalLong peak() {
        return read(PEAK);
    }

    /** Lets the peak begin at what is resident now; where that is not possible it is the peak since the start. */
    void resetPeak() {
        try {
            Files.writeString(folder.resolve("clear_refs"), "5");
        } catch (IOException e) {
            // An estimate that is too high is still one.
            return;
        }
    }

    private OptionalLong read(String line) {
        try {
            return Files.readString(folder.resolve("status")).lines().filter(each -> each.startsWith(line))
                    .map(each -> each.substring(line.length()).strip().split(" ", 2)[0])
                    .mapToLong(Long::parseLong).map(kilobytes -> kilobytes * KILOBYTE).findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
