package io.modelyard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.modelyard.registry.ReplicaId;
import io.modelyard.serving.NativeHeap;
import io.modelyard.trial.ResidentMemory;

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What this server is, and what its process takes besides what the framework tells of the JVM. */
@Context
final class ProcessMeters {
    private static final String UNKNOWN = "unknown";

    ProcessMeters(MeterRegistry registry, ReplicaId replica, NativeHeap heap) {
        Gauge.builder("modelyard.build.info", () -> 1).description("1, with what this server is")
                .tags("version",
                        Optional.ofNullable(ProcessMeters.class.getPackage().getImplementationVersion())
                                .orElse(UNKNOWN),
                        "java", Runtime.version().toString(), "replica", replica.toString())
                .register(registry);
        ResidentMemory resident = ResidentMemory.own();
        if (resident.now().isPresent()) {
            // Nobody else holds it, and a gauge does so only when it is told.
            Gauge.builder("process.resident.memory.bytes", resident, memory -> (double) memory.now().orElse(0))
                    .strongReference(true).description("Resident size of the process").register(registry);
        }
        if (heap.allocated().isPresent()) {
            Gauge.builder("modelyard.native.memory.bytes", heap, memory -> (double) memory.allocated().orElse(0))
                    .description("Bytes that C and C++ code has from the allocator of the C library")
                    .register(registry);
        }
        if (ManagementFactory
                .getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu.seconds", system, process -> process.getProcessCpuTime() / 1e9)
                    .description("CPU time of the process").register(registry);
        }
    }
}
