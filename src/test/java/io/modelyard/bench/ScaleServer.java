package io.modelyard.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.modelyard.model.ModelId;
import io.modelyard.registry.Registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server of {@link RegistryScale}, in a process of its own. It obeys lines on standard input ({@code idle SECONDS},
 * {@code await TYPE VERSION}, {@code end}) and answers each with one line of JSON: how long it took and what it cost.
 */
final class ScaleServer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final com.sun.management.OperatingSystemMXBean SYSTEM = ManagementFactory
            .getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

    private final ApplicationContext context;
    private final PrintStream answers;
    private Map<String, Long> requests = Map.of();
    private long cpu;
    private long time;

    private ScaleServer(ApplicationContext context, PrintStream answers) {
        this.context = context;
        this.answers = answers;
    }

    /** @param arguments configuration as {@code property=value} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream answers = System.out;
        // The log goes where errors go.
        System.setOut(System.err);
        Map<String, Object> properties = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            properties.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        long began = System.nanoTime();
        try (EmbeddedServer server = ApplicationContext.run(EmbeddedServer.class, properties)) {
            ScaleServer scale = new ScaleServer(server.getApplicationContext(), answers);
            scale.time = began;
            scale.answer("start");
            scale.obey();
        }
    }

    private void obey() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            List<String> words = List.of(line.split(" "));
            begin();
            switch (words.getFirst()) {
                case "idle" -> Thread.sleep(Duration.ofSeconds(Long.parseLong(words.get(1))));
                case "await" -> await(new ModelId(words.get(1), words.get(2)));
                default -> throw new IllegalArgumentException(line);
            }
            answer(line);
        }
    }

    private void await(ModelId id) throws InterruptedException {
        Registry registry = context.getBean(Registry.class);
        while (registry.current().model(id).isEmpty()) {
            Thread.sleep(Duration.ofMillis(5));
        }
    }

    private void begin() {
        requests = requests();
        cpu = SYSTEM.getProcessCpuTime();
        time = System.nanoTime();
    }

    private void answer(String what) throws InterruptedException {
        long spent = System.nanoTime() - time;
        long at = System.currentTimeMillis();
        long used = SYSTEM.getProcessCpuTime() - cpu;
        Map<String, Long> made = requests();
        requests.forEach((operation, count) -> made.merge(operation, -count, Long::sum));
        made.values().removeIf(count -> count == 0);
        Registry registry = context.getBean(Registry.class);
        ObjectNode answer = JSON.createObjectNode().put("what", what).put("at", at).put("seconds", spent / 1e9)
                .put("cpu_seconds", used / 1e9).put("versions", registry.current().size())
                .put("from_disk", registry.state().isFromDisk()).put("heap_bytes", heap());
        answer.set("requests", JSON.valueToTree(made));
        answers.println(answer);
        answers.flush();
    }

    private Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        for (Timer timer : context.getBean(MeterRegistry.class).find("modelyard.store.requests").timers()) {
            counts.merge(String.valueOf(timer.getId().getTag("operation")), timer.count(), Long::sum);
        }
        return counts;
    }

    /** What is live after collections. */
    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(Duration.ofMillis(100));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
