package io.modelyard.requestlog;

import static io.modelyard.requestlog.Exchanges.model;

import com.sun.management.OperatingSystemMXBean;
import io.modelyard.model.Model;
import io.modelyard.predict.Exchange;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What logging costs, from {@code observed} to the commit: rows a second, and CPU time of the whole process for each.
 * Not a test: run {@code main} with the test class path, and {@code -Xmx2g} or so.
 */
final class RequestLogBenchmark {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
            .getOperatingSystemMXBean();

    /** 28 numbers, as a row of a typical table. */
    private static final String INPUTS = IntStream.range(0, 28).mapToObj(i -> "0.1234567" + i)
            .collect(Collectors.joining(",", "[[", "]]"));

    private static final Model MODEL = model("penguins", "2", "full");

    private RequestLogBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int round = 0; round < 3; round++) {
            saturated(200_000);
            paced(5_000, 10);
        }
        for (int threads : new int[]{1, 8, 64}) {
            synchronous(threads, 20_000 / threads);
        }
    }

    /** As fast as rows are taken. */
    private static void saturated(int rows) throws IOException {
        Path folder = Files.createTempDirectory("modelyard-benchmark");
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.overflow", "block",
                "modelyard.requestlog.max-wait", "1m"))) {
            server.predict(exchange());
            long wall = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            for (int i = 0; i < rows; i++) {
                server.predict(exchange());
            }
            RequestLogStats stats = server.stats();
            while (stats.written() <= rows) {
                Thread.onSpinWait();
            }
            print("saturated", rows, wall, cpu);
            System.out.printf("  %d bytes a row%n", Files.size(LogServer.file(folder)) / rows);
        }
    }

    /** So many rows a second for so many seconds, on top of what the process costs when idle. */
    private static void paced(int rate, int seconds) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("modelyard-benchmark");
        try (LogServer server = LogServer.start(folder, Map.of())) {
            server.predict(exchange());
            long wall = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            long[] costs = new long[rate * seconds];
            for (int i = 0; i < costs.length; i++) {
                if (i % (rate / 100) == 0) {
                    Thread.sleep(10);
                }
                Exchange exchange = exchange();
                long start = System.nanoTime();
                server.bean(ExchangeLog.class).observed(exchange);
                costs[i] = System.nanoTime() - start;
            }
            print("paced", costs.length, wall, cpu);
            Arrays.sort(costs);
            System.out.printf("  observed: median %d ns, 99%% %d ns, 99.9%% %d ns, dropped %d%n",
                    costs[costs.length / 2], costs[(int) (costs.length * 0.99)], costs[(int) (costs.length * 0.999)],
                    server.stats().dropped());
        }
    }

    /** Each thread waits for its row before it goes on. */
    private static void synchronous(int threads, int each) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("modelyard-benchmark");
        try (LogServer server = LogServer.start(folder, Map.of("modelyard.requestlog.durability", "sync"))) {
            server.predict(exchange());
            long wall = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            Thread[] all = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                all[i] = Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < each; n++) {
                        server.predict(exchange());
                    }
                });
            }
            for (Thread thread : all) {
                thread.join();
            }
            print("sync, " + threads + " at a time", threads * each, wall, cpu);
            System.out.printf("  an answer waits %.0f us on average%n",
                    (System.nanoTime() - wall) / 1e3 / each);
        }
    }

    private static Exchange exchange() {
        Instant now = Instant.now();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        // In order of time, as UUIDs of version 7 are: random ones would cost the index twice as much.
        UUID id = new UUID(now.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12), random.nextLong());
        return Exchanges.exchange(id.toString(), now, MODEL, 200, INPUTS, "[0.5123456]");
    }

    private static void print(String what, int rows, long wall, long cpu) {
        double seconds = (System.nanoTime() - wall) / 1e9;
        System.out.printf("%s: %.0f rows/s, %.1f us of CPU a row%n", what, rows / seconds,
                (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / rows);
    }
}
