package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which of the server's threads give way, as the operating system sees it: there the threads of native libraries are too. */
final class ThreadPrioritiesTest {
    /** Those that bring models here and into memory. The names of threads are cut to 15 letters. */
    private static final Set<String> GIVING_WAY = Set.of("model-loading-", "artifact-copyin", "artifact-verifi");
    /** Frees what nobody freed; started by the first load, and no prediction waits for it. */
    private static final String DEALLOCATOR = "JavaCPP Dealloc";

    @TempDir
    Path store;

    /** @param niceness the higher, the lower its priority */
    private record Task(String name, int niceness) {}

    @BeforeAll
    static void onLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "only Linux has priorities of threads");
    }

    @Test
    void nothingThatComputesPredictionsInheritsThePriorityOfTheLoad() throws IOException {
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(store)).start()) {
            for (String model : List.of("breast-cancer/2", "digits/1", "digits/2")) {
                String inputs = new ObjectMapper().readTree(store.resolve("registry/" + model + ".json").toFile())
                        .at("/examples/0/inputs").toString();
                TestServer.Answer answer = server.post("/predict/" + model, "{\"inputs\": " + inputs + "}");
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
            List<Task> tasks = tasks();
            int ordinary = tasks.stream().filter(task -> task.name().startsWith("predict-")).findFirst().orElseThrow()
                    .niceness();
            assertThat(names(tasks, task -> task.niceness() > ordinary))
                    .allMatch(name -> isGivingWay(name) || name.equals(DEALLOCATOR));
            assertThat(tasks).filteredOn(task -> isGivingWay(task.name())).isNotEmpty()
                    .allMatch(task -> task.niceness() > ordinary);
        }
    }

    private static boolean isGivingWay(String name) {
        return GIVING_WAY.stream().anyMatch(name::startsWith);
    }

    private static Set<String> names(List<Task> tasks, Predicate<Task> which) {
        Set<String> names = new TreeSet<>();
        tasks.stream().filter(which).forEach(task -> names.add(task.name()));
        return names;
    }

    private static List<Task> tasks() throws IOException {
        List<Task> tasks = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : all.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    int end = stat.lastIndexOf(')');
                    // Behind the name in brackets come the state and 15 numbers, and then the niceness.
                    tasks.add(new Task(stat.substring(stat.indexOf('(') + 1, end),
                            Integer.parseInt(stat.substring(end + 2).split(" ", -1)[16])));
                } catch (IOException e) {
                    assertThat(task).as("it ended meanwhile").doesNotExist();
                }
            }
        }
        return tasks;
    }
}
