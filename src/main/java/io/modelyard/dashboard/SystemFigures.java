package io.modelyard.dashboard;

import com.sun.management.OperatingSystemMXBean;
import io.micronaut.context.annotation.Property;
import io.micronaut.serde.annotation.Serdeable;
import io.modelyard.artifact.ArtifactCache;
import io.modelyard.artifact.ArtifactStats;
import io.modelyard.requestlog.RequestLogStats;
import io.modelyard.serving.MemoryUse;
import io.modelyard.serving.Servables;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process takes of its machine, and what is left. Thread-safe. */
@Singleton
final class SystemFigures {
    private static final Path PROCESS = Path.of("/proc/self/status");

    private final Servables servables;
    private final ArtifactCache artifacts;
    private final RequestLogStats log;
    private final Path data;

    SystemFigures(Servables servables, ArtifactCache artifacts, RequestLogStats log,
            @Property(name = "modelyard.data-dir") Path data) {
        this.servables = servables;
        this.artifacts = artifacts;
        this.log = log;
        this.data = data;
    }

    /**
     * @param processCpu part of all cores that this process took lately, 0 to 1; absent where that is not known
     * @param residentBytes of this process, Java heap and native memory; absent where the system does not tell
     */
    @Serdeable.Serializable
    record Now(long uptimeMs, int cores, @Nullable Double processCpu, @Nullable Double systemCpu, long heapUsed,
            long heapMax, long nonHeapUsed, @Nullable Long residentBytes, long machineBytes, int threads,
            long gcCount, long gcMs, Disk disk, Models models, Artifacts artifacts, Log log) {}

    /** Where the data directory is. */
    @Serdeable.Serializable
    record Disk(long freeBytes, long totalBytes) {}

    /** @param maxModels absent where their number is not limited */
    @Serdeable.Serializable
    record Models(int models, @Nullable Integer maxModels, long bytes, long maxBytes, int waiting, long evictions) {
        static Models of(MemoryUse use) {
            return new Models(use.models(), use.limitsModels() ? use.maxModels() : null, use.bytes(), use.maxBytes(),
                    use.waiting(), use.evictions().values().stream().mapToLong(Long::longValue).sum());
        }
    }

    @Serdeable.Serializable
    record Artifacts(long bytes, long maxBytes, int versions, long fetchedBytes, long sharedBytes, long evictedVersions,
            long damaged, int unmended) {
        static Artifacts of(ArtifactStats stats) {
            return new Artifacts(stats.bytes(), stats.maxBytes(), stats.versions(), stats.fetchedBytes(),
                    stats.sharedBytes(), stats.evictedVersions(), stats.damaged(), stats.unmended());
        }
    }

    @Serdeable.Serializable
    record Log(int queuedRows, long queuedBytes, long written, long dropped, long failures, long databaseBytes,
            @Nullable String lastError) {
        static Log of(RequestLogStats stats) {
            return new Log(stats.queuedRows(), stats.queuedBytes(), stats.written(), stats.dropped(), stats.failures(),
                    stats.databaseBytes(), stats.failingSince().flatMap(_ -> stats.lastFailure())
                            .map(RequestLogStats.Failure::reason).orElse(null));
        }
    }

    Now now() {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return new Now(ManagementFactory.getRuntimeMXBean().getUptime(), machine.getAvailableProcessors(),
                part(machine.getProcessCpuLoad()), part(machine.getCpuLoad()), memory.getHeapMemoryUsage().getUsed(),
                Runtime.getRuntime().maxMemory(), memory.getNonHeapMemoryUsage().getUsed(), resident(),
                machine.getTotalMemorySize(), ManagementFactory.getThreadMXBean().getThreadCount(),
                collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum(),
                collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum(), disk(),
                Models.of(servables.memory()), Artifacts.of(artifacts.stats()), Log.of(log));
    }

    private static @Nullable Double part(double load) {
        return load < 0 || Double.isNaN(load) ? null : Math.round(load * 1000) / 1000.0;
    }

    private Disk disk() {
        try {
            FileStore store = Files.getFileStore(Files.exists(data) ? data : data.toAbsolutePath().getRoot());
            return new Disk(store.getUsableSpace(), store.getTotalSpace());
        } catch (IOException e) {
            return new Disk(0, 0);
        }
    }

    /** As Linux tells it. */
    private static @Nullable Long resident() {
        try {
            return Files.readAllLines(PROCESS).stream().filter(line -> line.startsWith("VmRSS:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
