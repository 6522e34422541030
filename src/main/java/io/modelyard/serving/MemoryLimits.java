package io.modelyard.serving;

import com.sun.management.OperatingSystemMXBean;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * How much may be in memory, and for how long.
 *
 * @param models the most models
 * @param bytes the most bytes of all models together
 * @param idleUnloadAfter after what time without use a model leaves that is not pinned; empty for never
 * @param roomWait how long a load waits for room while everything in memory is in use
 */
@Singleton
record MemoryLimits(int models, long bytes, Optional<Duration> idleUnloadAfter, Duration roomWait) {
    /** What the process takes beside heap and models: code, classes, threads, buffers, and the native libraries. */
    private static final long PROCESS = 512L << 20;

    @Inject
    MemoryLimits(ServingConfiguration configuration) {
        this(configuration.maxModelsInMemory() == null ? Integer.MAX_VALUE : configuration.maxModelsInMemory(),
                configuration.maxMemory() == null
                        ? bytes(machineBytes(), Runtime.getRuntime().maxMemory())
                        : configuration.maxMemory(),
                Optional.ofNullable(configuration.idleUnloadAfter()), configuration.roomWait());
    }

    /**
     * What models may take where nobody says it: nine tenths of what the heap leaves of the machine, less what the process
     * takes besides, but at least a quarter of the machine.
     *
     * @param machine the memory of the machine, or of the container
     * @param heap the most that the heap may take
     */
    static long bytes(long machine, long heap) {
        return Math.max(machine / 4, (machine - heap) / 10 * 9 - PROCESS);
    }

    /** In a container, the container's limit. */
    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
