package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.context.BeanContext;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.ModelRuntime;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Runs errands in child processes, one at a time, and ends those that take too much. Safe for many threads; it blocks. */
@Singleton
final class ChildRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ChildRunner.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Between two looks at the child's memory. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final TrialConfiguration configuration;
    private final BeanContext context;
    private final ReentrantLock oneAtATime = new ReentrantLock(true);
    private volatile @Nullable Process running;
    private volatile boolean closed;

    ChildRunner(TrialConfiguration configuration, BeanContext context) {
        this.configuration = configuration;
        this.context = context;
    }

    /**
     * Does the errand in a child.
     *
     * @param spare bytes that the model may take
     * @throws ServingFailure.Unavailable if this process is told to end
     */
    Outcome run(Class<? extends Errand> errand, JsonNode task, OptionalLong spare) {
        try {
            oneAtATime.lockInterruptibly();
            try (ChildFolders.Folder folder = ChildFolders.create(configuration.workDirectory())) {
                return run(folder.files(), errand, task, configuration.limit(spare));
            } finally {
                oneAtATime.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServingFailure.Unavailable.shuttingDown();
        } catch (IOException e) {
            LOG.warn("A model could not be tried: {}", e.toString());
            return new Outcome.Undecided("it could not be tried in a process of its own: " + e);
        }
    }

    private Outcome run(ChildFolder folder, Class<? extends Errand> errand, JsonNode task, OptionalLong limit)
            throws IOException, InterruptedException {
        JSON.writeValue(folder.order().toFile(), Map.of("errand", errand.getName(), "task", task, "runtimes",
                context.getBeansOfType(ModelRuntime.class).stream()
                        .map(runtime -> RuntimeRecipe.of(runtime, context)).toList()));
        ProcessBuilder builder = new ProcessBuilder(ChildCommand.of(folder)).redirectErrorStream(true)
                .redirectOutput(folder.output().toFile());
        // What is meant for the server's own JVM, a debugger's port for example, is not meant for a second one.
        builder.environment().keySet().removeAll(ChildCommand.NOT_INHERITED);
        Process process = builder.start();
        running = process;
        try {
            if (closed) {
                throw ServingFailure.Unavailable.shuttingDown();
            }
            Outcome ended = await(process, folder, limit);
            if (closed) {
                throw ServingFailure.Unavailable.shuttingDown();
            }
            return ended;
        } finally {
            running = null;
            process.destroyForcibly();
            awaitEnd(process);
        }
    }

    private Outcome await(Process process, ChildFolder folder, OptionalLong limit)
            throws IOException, InterruptedException {
        ResidentMemory memory = ResidentMemory.of(process.pid());
        long start = System.nanoTime();
        while (!process.waitFor(LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
            if (System.nanoTime() - start > configuration.timeout().toNanos()) {
                return new Outcome.Undecided("it was not loaded and run on its examples within "
                        + configuration.timeout().toSeconds() + " s (modelyard.trial.timeout)");
            }
            OptionalLong baseline = limit.isPresent() ? baseline(folder) : OptionalLong.empty();
            if (baseline.isPresent()
                    && memory.now().orElse(0) - baseline.getAsLong() > limit.getAsLong()) {
                return new Outcome.OutOfMemory("it takes more than the " + limit.getAsLong()
                        + " bytes that there are for it; the process that tried it was ended");
            }
        }
        return ChildEnd.read(folder, process.exitValue(), baseline(folder).isPresent());
    }

    private static OptionalLong baseline(ChildFolder folder) throws IOException {
        try {
            String text = Files.readString(folder.baseline());
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NoSuchFileException notYet) {
            return OptionalLong.empty();
        }
    }

    private static void awaitEnd(Process process) {
        // Its folder cannot be removed under it.
        process.onExit().join();
    }

    /** Ends the child that runs. */
    @PreDestroy
    void close() {
        closed = true;
        Process process = running;
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
