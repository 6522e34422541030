package io.modelyard.http;

import com.sun.management.UnixOperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/** How many files and connections the process may have open. */
final class FileDescriptors {
    private static final int MOST = 10_000;

    private FileDescriptors() {}

    /** What of them is for connections, so that models, logs and the store never lack one. */
    static int forConnections() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? Math.clamp(unix.getMaxFileDescriptorCount() / 2, 1, MOST)
                : MOST;
    }
}
