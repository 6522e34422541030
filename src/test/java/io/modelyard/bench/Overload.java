package io.modelyard.bench;

import io.modelyard.SlowModel;
import io.modelyard.bench.LoadGenerator.Result;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * What becomes of a server that is asked for several times what it can do. Its best throughput is found first, by a
 * closed loop of more and more connections; then requests come at a multiple of that rate, and then at half of it, until it
 * is as it was. The server is a process of its own, on the same cores.
 */
public final class Overload {
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final long BUCKET_MS = 100;
    private static final int CALM_BUCKETS = 5;

    private final LoadGenerator load;
    private final Path status;

    private Overload(LoadGenerator load, long pid) {
        this.load = load;
        this.status = Path.of("/proc/" + pid + "/status");
    }

    /** @param arguments seconds of overload, how many times the best throughput, and links of the model's chain */
    public static void main(String[] arguments) throws Exception {
        int seconds = argument(arguments, 0, 60);
        int times = argument(arguments, 1, 5);
        Path folder = Files.createTempDirectory("modelyard-overload");
        SlowModel.publish(folder.resolve("store"), argument(arguments, 2, 420));
        try (BenchProcess server = BenchProcess.start(folder)) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.url().getPort());
            try (LoadGenerator load = new LoadGenerator(address, request(server.url(), server.key()))) {
                new Overload(load, server.pid()).run(seconds, times);
            }
        }
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static byte[] request(URI url, String key) {
        return ("POST /predict/" + SlowModel.TYPE + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nX-API-Key: " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + SlowModel.ROW.length() + "\r\n\r\n"
                + SlowModel.ROW).getBytes(StandardCharsets.US_ASCII);
    }

    private void run(int seconds, int times) throws IOException {
        load.closedLoop(2, STEP);
        double best = 0;
        for (int connections : new int[]{1, 2, 4, 8, 16, 32}) {
            List<Result> results = load.closedLoop(connections, STEP);
            double rate = rate(results, STEP);
            System.out.printf("closed loop, %2d connections: %7.1f/s, %s%n", connections, rate,
                    quantiles(results, Overload::good));
            best = Math.max(best, rate);
        }
        List<Result> calm = load.openLoop(best / 2, STEP);
        System.out.printf("best throughput %.1f/s; at half of it %s; resident %d MB%n", best,
                quantiles(calm, Overload::good), residentMegabytes());
        Duration time = Duration.ofSeconds(seconds);
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread memory = Thread.ofVirtual().start(() -> watchMemory(over));
        List<Result> overload = load.openLoop(best * times, time);
        over.complete(null);
        List<Result> after = load.openLoop(best / 2, Duration.ofSeconds(10));
        join(memory);
        report(overload, time, best, times);
        recovery(after, calm);
    }

    private void report(List<Result> results, Duration time, double best, int times) {
        for (int from = 0; from < time.toSeconds(); from += 10) {
            long begin = from * 1_000_000_000L;
            List<Result> slice = results.stream()
                    .filter(each -> each.planned() >= begin && each.planned() < begin + 10_000_000_000L).toList();
            System.out.printf("%3d s: sent %d, 200: %d, 429: %d (%s), other: %d%n", from, slice.size(),
                    count(slice, Overload::good), count(slice, status -> status == 429),
                    quantiles(slice, status -> status == 429), count(slice, Overload::other));
        }
        double rate = rate(results, time);
        System.out.printf("at %d times: good %.1f/s, %.0f %% of the best throughput; good answers: %s%n", times, rate,
                100 * rate / best, quantiles(results, Overload::good));
        System.out.printf("429: %.1f %% of all, %s, within 50 ms: %.2f %%%n",
                100.0 * count(results, status -> status == 429) / results.size(),
                quantiles(results, status -> status == 429), 100.0 * results.stream()
                        .filter(each -> each.status() == 429 && each.latency() <= 50_000_000).count()
                        / Math.max(1, count(results, status -> status == 429)));
        System.out.printf("neither 200 nor 429: %d %s%n", count(results, Overload::other),
                Arrays.toString(
                        results.stream().mapToInt(Result::status).filter(Overload::other).distinct().toArray()));
    }

    /** When the first of five calm tenths of a second in a row began: all answered, half of them as fast as before. */
    private static void recovery(List<Result> after, List<Result> before) {
        double calm = 2.0 * median(before);
        int row = 0;
        for (int bucket = 0; bucket < 10_000 / BUCKET_MS; bucket++) {
            long from = bucket * BUCKET_MS * 1_000_000L;
            List<Result> part = after.stream().filter(each -> each.planned() >= from
                    && each.planned() < from + BUCKET_MS * 1_000_000L).toList();
            boolean isCalm = part.stream().allMatch(each -> good(each.status())) && median(part) <= calm;
            row = isCalm ? row + 1 : 0;
            if (row == CALM_BUCKETS) {
                System.out.printf("as before after %d ms%n", (bucket + 1 - CALM_BUCKETS) * BUCKET_MS);
                return;
            }
        }
        System.out.println("not as before within 10 s");
    }

    private void watchMemory(CompletableFuture<Void> over) {
        StringBuilder line = new StringBuilder("resident MB every 10 s:");
        while (!over.isDone()) {
            line.append(' ').append(residentMegabytes());
            try {
                over.get(10, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                // It goes on.
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        line.append(' ').append(residentMegabytes());
        System.out.println(line);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long residentMegabytes() {
        try {
            return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    private static boolean good(int status) {
        return status == 200;
    }

    private static boolean other(int status) {
        return status != 200 && status != 429;
    }

    private static double rate(List<Result> results, Duration time) {
        return count(results, Overload::good) * 1e9 / time.toNanos();
    }

    private static long count(List<Result> results, IntPredicate which) {
        return results.stream().filter(each -> which.test(each.status())).count();
    }

    private static double median(List<Result> results) {
        return quantile(latencies(results, each -> true), 0.5);
    }

    private static String quantiles(List<Result> results, IntPredicate which) {
        double[] latencies = latencies(results, each -> which.test(each.status()));
        return latencies.length == 0
                ? "-"
                : String.format("p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms", quantile(latencies, 0.5),
                        quantile(latencies, 0.9), quantile(latencies, 0.99), quantile(latencies, 1));
    }

    private static double[] latencies(List<Result> results, Predicate<Result> which) {
        return results.stream().filter(which).mapToDouble(each -> each.latency() / 1e6).sorted().toArray();
    }

    private static double quantile(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
    }
}
