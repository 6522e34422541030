package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.TestBucket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Clients that change the active version of one type at once, each a tool of its own on one bucket. */
final class ActivateTogetherTest {
    private static final int CLIENTS = 10;

    @TempDir
    Path folder;

    @Test
    void showsEveryChangeOnceAndInOneOrder() throws Exception {
        try (TestBucket bucket = TestBucket.start();
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            Cli cli = new Cli(folder, "");
            bucket.properties().forEach(cli::with);
            List<String> versions = IntStream.rangeClosed(1, CLIENTS).mapToObj(String::valueOf).toList();
            for (String version : versions) {
                assertThat(cli.run("push", "models-local/models/breast-cancer/1/model.ubj", "--type", "a", "--version",
                        version).code()).isZero();
            }
            long start = System.nanoTime();
            CyclicBarrier together = new CyclicBarrier(CLIENTS);
            List<Future<Cli.Run>> clients = new ArrayList<>();
            for (String version : versions) {
                clients.add(threads.submit(() -> {
                    together.await();
                    return cli.run("activate", "a/" + version, "--by", "client " + version, "--json");
                }));
            }
            for (Future<Cli.Run> client : clients) {
                assertThat(client.get().code()).as(client.get().err()).isZero();
            }
            System.out.printf("%d clients activated at once in %.1f s%n", CLIENTS, (System.nanoTime() - start) / 1e9);

            List<JsonNode> history = new ArrayList<>();
            cli.run("history", "a", "--json").json().path("revisions").forEach(history::add);
            List<JsonNode> oldestFirst = history.reversed();
            assertThat(oldestFirst).extracting(revision -> revision.path("revision").asInt())
                    .isEqualTo(IntStream.rangeClosed(1, CLIENTS).boxed().toList());
            assertThat(oldestFirst).extracting(revision -> revision.path("to").asText())
                    .containsExactlyInAnyOrderElementsOf(versions);
            assertThat(oldestFirst).allMatch(revision -> revision.path("by").asText()
                    .equals("client " + revision.path("to").asText()));
            for (int i = 1; i < CLIENTS; i++) {
                assertThat(oldestFirst.get(i).path("from")).isEqualTo(oldestFirst.get(i - 1).path("to"));
            }
        }
    }
}
