package io.modelyard.bench;

import io.modelyard.SlowModel;
import io.modelyard.TestStore;
import io.modelyard.redis.RedisWire;
import io.modelyard.redis.TestRedis;
import io.modelyard.runtime.onnx.OnnxModelBuilder;
import io.modelyard.runtime.onnx.TestOnnxModels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * What the prediction cache gives and costs, each time by servers of one build that are measured in turns: without it, with it in
 * memory, with Redis, and with a Redis whose circuit has opened because it takes two seconds. The model is an ONNX one of some
 * milliseconds, or one that copies three numbers; of the inputs 65 % were asked before, or all, or none.
 */
public final class CacheGain {
    private static final int FIRST = 1_000_000;
    private static final int LAST = 9_999_999;
    /** Among so many of the latest inputs those are that are asked again. */
    private static final int RECENT = 1_000;
    private static final int MOST = 1_000_000;

    private final int seconds;
    private final int rounds;
    private final int connections;
    private final AtomicInteger next = new AtomicInteger(FIRST);

    private record Server(String name, ServerProcess process) {}

    private CacheGain(int seconds, int rounds, int connections) {
        this.seconds = seconds;
        this.rounds = rounds;
        this.connections = connections;
    }

    /** @param arguments seconds of each measurement (4), rounds (5), connections (8), links of the slow model's chain (200) */
    public static void main(String[] arguments) throws Exception {
        CacheGain gain = new CacheGain(argument(arguments, 0, 4), argument(arguments, 1, 5),
                argument(arguments, 2, 8));
        Path folder = Files.createTempDirectory("modelyard-cache");
        int links = argument(arguments, 3, 200);
        try (TestRedis redis = TestRedis.start(); RedisWire slow = new RedisWire(redis.port())) {
            slow.set(RedisWire.Fault.SLOW);
            try (ServerProcess never = server(folder, links, "never", "never");
                    ServerProcess memory = server(folder, links, "memory", "auto");
                    ServerProcess shared = server(folder, links, "redis", "auto",
                            "modelyard.redis.uri=" + redis.uri());
                    ServerProcess opened = server(folder, links, "slow-redis", "auto",
                            "modelyard.redis.uri=redis://127.0.0.1:" + slow.port())) {
                gain.run(List.of(new Server("never", never), new Server("memory", memory),
                        new Server("redis", shared), new Server("slow redis", opened)));
            }
        }
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static ServerProcess server(Path folder, int links, String name, String policy, String... options)
            throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Path store = home.resolve("store");
        SlowModel.publish(store, links, true);
        Path copier = Files.createDirectories(home.resolve("copier"));
        TestOnnxModels.identity(OnnxModelBuilder.FLOAT, -1, 4).writeTo(copier);
        new TestStore(store).publish("quick", "1", "onnx", copier);
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.add("modelyard.predictioncache.policy=" + policy);
        return new ServerProcess(home, store, all);
    }

    private void run(List<Server> servers) throws IOException, InterruptedException {
        System.out.printf("%d s a measurement, %d rounds, %d connections; ratios are medians of those to 'never' in the"
                + " same round%n", seconds, rounds, connections);
        measure("slow model, 65 % repeated", servers, "slow", 0.65);
        measure("slow model, none repeated", servers, "slow", 0);
        measure("quick model, 65 % repeated", servers, "quick", 0.65);
        measure("quick model, all the same", servers, "quick", 1);
        measure("quick model, none repeated", servers, "quick", 0);
    }

    private void measure(String title, List<Server> servers, String type, double repeated)
            throws IOException, InterruptedException {
        System.out.printf("%n%-28s| requests/s  ratio | ms: p50    p99   ratio | failed  hits%n", title);
        List<List<double[]>> all = new ArrayList<>();
        List<long[]> before = new ArrayList<>();
        for (Server server : servers) {
            load(server, type, repeated, 2);
            all.add(new ArrayList<>());
            before.add(answers(server, type));
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < servers.size(); i++) {
                Latencies latencies = load(servers.get(i), type, repeated, seconds);
                all.get(i).add(new double[]{(double) latencies.count() / seconds, latencies.quantile(0.5) / 1e3,
                        latencies.quantile(0.99) / 1e3, latencies.failed()});
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            List<double[]> mine = all.get(i);
            List<double[]> first = all.getFirst();
            long[] now = answers(servers.get(i), type);
            System.out.printf("%-28s|   %8.0f  %5.2f |    %6.2f %6.2f  %5.2f |     %2.0f  %3.0f %%%n",
                    servers.get(i).name(), median(mine, 0), ratio(mine, first, 0), median(mine, 1), median(mine, 2),
                    ratio(mine, first, 2), mine.stream().mapToDouble(each -> each[3]).sum(),
                    100.0 * (now[0] - before.get(i)[0]) / Math.max(1, now[1] - before.get(i)[1]));
        }
    }

    private static double median(List<double[]> rounds, int which) {
        return rounds.stream().mapToDouble(each -> each[which]).sorted().toArray()[rounds.size() / 2];
    }

    private static double ratio(List<double[]> rounds, List<double[]> first, int which) {
        double[] ratios = new double[rounds.size()];
        Arrays.setAll(ratios, round -> rounds.get(round)[which] / first.get(round)[which]);
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    /** How many answers were kept ones, and how many there were, since the start. */
    private static long[] answers(Server server, String type) throws IOException, InterruptedException {
        String json = server.process().get("/models/" + type + "/1");
        long hits = number(json, "memory_hits") + number(json, "redis_hits");
        return new long[]{hits, hits + number(json, "misses") + number(json, "bypassed")};
    }

    private static long number(String json, String member) {
        int at = json.indexOf("\"" + member + "\":");
        return at < 0 ? 0 : Long.parseLong(json.substring(at + member.length() + 3).split("[,}]", 2)[0]);
    }

    private Latencies load(Server server, String type, double repeated, int time)
            throws IOException, InterruptedException {
        byte[] body = ("{\"inputs\": [[" + ClosedLoop.NUMBER + ", 2, 3, 4]]}").getBytes(StandardCharsets.US_ASCII);
        long end = System.nanoTime() + time * 1_000_000_000L;
        List<Future<Latencies>> loops = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                ClosedLoop client = server.process().client("/predict/" + type, body, 0);
                client.number(inputs(repeated));
                loops.add(threads.submit(() -> {
                    try (client) {
                        return client.run(() -> System.nanoTime() >= end, MOST);
                    }
                }));
            }
            List<Latencies> parts = new ArrayList<>();
            for (Future<Latencies> loop : loops) {
                parts.add(loop.get());
            }
            return Latencies.of(parts);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** So large a part of them was asked before, by this client. */
    private IntSupplier inputs(double repeated) {
        int[] recent = new int[RECENT];
        Arrays.fill(recent, FIRST);
        int[] at = {0};
        RandomGenerator random = RandomGenerator.getDefault();
        return () -> {
            if (random.nextDouble() < repeated) {
                return recent[random.nextInt(Math.clamp(at[0], 1, RECENT))];
            }
            int fresh = next.updateAndGet(last -> last >= LAST ? FIRST : last + 1);
            recent[at[0]++ % RECENT] = fresh;
            return fresh;
        };
    }
}
