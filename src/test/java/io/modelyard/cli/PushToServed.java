package io.modelyard.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.TestBucket;
import io.modelyard.TestServer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long after the end of {@code modelyard push} a running server answers with the new version. The bucket is that of
 * the tests, the server is a whole one, and every push is the command line's, to its end.
 */
public final class PushToServed {
    private PushToServed() {}

    /** Arguments: pushes, and how many versions are in the registry before. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int pushes = Integer.parseInt(arguments[0]);
        int versions = Integer.parseInt(arguments[1]);
        Path home = Files.createTempDirectory("push-to-served");
        try (TestBucket bucket = TestBucket.start()) {
            fill(bucket, versions);
            TestServer.Builder builder = TestServer.prepare();
            bucket.properties().forEach(builder::with);
            try (TestServer server = builder.start()) {
                Cli cli = new Cli(home, bucket.uri());
                bucket.properties().forEach(cli::with);
                measure(pushes, server, cli);
            }
        }
        // The command line's beans leave threads of libraries behind.
        System.exit(0);
    }

    private static void measure(int pushes, TestServer server, Cli cli) throws IOException, InterruptedException {
        String row = Files.readString(Path.of("models-local/registry/breast-cancer/2.json"));
        String body = "{\"inputs\": " + new ObjectMapper().readTree(row)
                .at("/examples/0/inputs") + "}";
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < pushes; i++) {
            Cli.Run run = cli.run("push", "models-local/models/breast-cancer/2/model.ubj", "--type", "pushed",
                    "--version",
                    "1." + i);
            long pushed = System.nanoTime();
            if (run.code() != 0) {
                throw new IllegalStateException(run.err());
            }
            while (server.post("/predict/pushed/1." + i, body).status() != 200) {
                Thread.sleep(Duration.ofMillis(10));
            }
            seconds.add((System.nanoTime() - pushed) / 1e9);
        }
        seconds.sort(null);
        long within = seconds.stream().filter(each -> each <= 3).count();
        System.out.printf("%d pushes: served after %.2f s (median), %.2f s (95 %%), %.2f s (most); %d within 3 s%n",
                pushes,
                seconds.get(pushes / 2), seconds.get((int) Math.ceil(pushes * 0.95) - 1), seconds.getLast(), within);
    }

    /** Versions whose files nobody asks for. */
    private static void fill(TestBucket bucket, int versions) throws IOException {
        String manifest = Files.readString(Path.of("models-local/registry/breast-cancer/1.json"));
        for (int i = 0; i < versions; i++) {
            String type = "filled-" + i % 20;
            String text = manifest.replace("\"type\": \"breast-cancer\"", "\"type\": \"" + type + "\"")
                    .replace("\"version\": \"1\"", "\"version\": \"1." + i + "\"");
            bucket.put("registry/" + type + "/1." + i + ".json", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
