package io.modelyard.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Has models loaded and run on their examples by a child process before this process loads them, and remembers what came of
 * it. A verdict is about all that a load depends on: the library, the files by their SHA-256, and what the manifest says of
 * them; so what was pushed through this server, and another version with the same files, are not tried again. That a model
 * passed, and that it ended its process, is kept. That it was refused, had not enough memory or took too long is not,
 * because the reason may lie outside of it. Safe for use by many threads; it blocks.
 */
@Singleton
public final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    /** Of some 300 bytes each. */
    private static final int MOST_VERDICTS = 10_000;
    private static final List<String> TRIED = List.of("runtime", "files", "inputs", "outputs", "examples",
            "preprocessing", "runtime_options");

    private final TrialConfiguration configuration;
    private final ChildRunner children;
    private final VerdictFiles verdicts;
    private final List<ModelRuntime> runtimes;
    private final DocumentFormat format;
    private final Clock clock;
    private final List<TrialWatch> watches;

    /** @param memory bytes by which the child's resident memory grew at most */
    public record Answer(JsonNode content, long memory) {}

    Trials(TrialConfiguration configuration, ChildRunner children, List<ModelRuntime> runtimes, DocumentFormat format,
            Clock clock, List<TrialWatch> watches) {
        this.configuration = configuration;
        this.children = children;
        this.verdicts = new VerdictFiles(configuration.directory().resolve("verdicts"), MOST_VERDICTS);
        this.runtimes = List.copyOf(runtimes);
        this.format = format;
        this.clock = clock;
        this.watches = List.copyOf(watches);
    }

    /** Whether models are tried in a child process. */
    public boolean areOn() {
        return configuration.enabled();
    }

    /**
     * Returns when the model is known to load and to answer its examples without harm to its process: at once where it was
     * tried before, or where trials are off.
     *
     * @param spare bytes that the model may take in memory
     * @throws InvalidModelException if the files cannot be served, with the child's reason as it is; or if the model ended
     *         the child, or did not come to an end
     * @throws ServingFailure.Unavailable if it takes more memory than there is, or this process is told to end
     */
    public void demand(Manifest manifest, ModelFiles files, OptionalLong spare) throws InvalidModelException {
        if (!areOn()) {
            return;
        }
        String key = key(manifest);
        Verdict verdict = verdicts.read(key).orElse(null);
        if (verdict == null) {
            long start = System.nanoTime();
            Outcome outcome = children.run(ManifestTrial.class, ManifestTrial.task(manifest, files), spare);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            watches.forEach(watch -> watch.tried(manifest.runtime(), end(outcome), took));
            verdict = switch (outcome) {
                case Outcome.Done done -> verdict(manifest, null, done.memory());
                case Outcome.Killed killed -> verdict(manifest, killed.reason(), 0);
                case Outcome.Refused _,Outcome.OutOfMemory _,Outcome.Undecided _ ->
                    throw failure(outcome);
            };
            verdicts.write(key, verdict);
            LOG.info("{} was tried in a process of its own in {} ms: {}", manifest.id(),
                    took.toMillis(), verdict.killed() == null
                            ? "it works, and took " + verdict.memory() + " bytes"
                            : verdict.killed());
        }
        if (verdict.killed() != null) {
            throw new InvalidModelException(verdict.killed());
        }
    }

    /**
     * Has a child do something else with a model.
     *
     * @throws InvalidModelException as {@link #demand} does
     * @throws ServingFailure.Unavailable as {@link #demand} does
     */
    public Answer ask(Class<? extends Errand> errand, JsonNode task) throws InvalidModelException {
        Outcome outcome = children.run(errand, task, OptionalLong.empty());
        if (outcome instanceof Outcome.Done done) {
            return new Answer(done.answer(), done.memory());
        }
        throw failure(outcome);
    }

    /** Notes that a child has loaded the model as the manifest says and run its examples. */
    public void passed(Manifest manifest, long memory) {
        verdicts.write(key(manifest), verdict(manifest, null, memory));
    }

    /**
     * The bytes that a child took for the model: by how much its resident memory grew at most, from when the runtime's
     * library was loaded to when the examples had run. Empty where the model was not tried here.
     */
    public OptionalLong memoryTaken(Manifest manifest) {
        return verdicts.read(key(manifest)).filter(verdict -> verdict.killed() == null).map(Verdict::memory)
                .map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** Lets a model that ended its process be tried once more. Whether there is such a verdict. */
    public boolean forgive(Manifest manifest) {
        String key = key(manifest);
        return verdicts.read(key).filter(verdict -> verdict.killed() != null).isPresent() && verdicts.remove(key);
    }

    private static TrialWatch.End end(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> TrialWatch.End.PASSED;
            case Outcome.Killed _ -> TrialWatch.End.KILLED;
            case Outcome.Refused _ -> TrialWatch.End.REFUSED;
            case Outcome.OutOfMemory _ -> TrialWatch.End.OUT_OF_MEMORY;
            case Outcome.Undecided _ -> TrialWatch.End.UNDECIDED;
        };
    }

    private Verdict verdict(Manifest manifest, @Nullable String killed, long memory) {
        return new Verdict(manifest.id().toString(), library(manifest), killed, memory, clock.instant());
    }

    private static RuntimeException failure(Outcome outcome) throws InvalidModelException {
        return switch (outcome) {
            case Outcome.Refused refused -> throw new InvalidModelException(refused.reason());
            case Outcome.Killed killed -> throw new InvalidModelException(killed.reason());
            case Outcome.Undecided undecided -> throw new InvalidModelException(undecided.reason());
            case Outcome.OutOfMemory outOfMemory ->
                ServingFailure.Unavailable.outOfMemory(outOfMemory.reason(), null);
            case Outcome.Done done -> new IllegalArgumentException("no failure: " + done);
        };
    }

    private String key(Manifest manifest) {
        ObjectNode tried = format.members(manifest).retain(TRIED);
        return DocumentFormat.digest((library(manifest) + "\n" + tried).getBytes(StandardCharsets.UTF_8));
    }

    private String library(Manifest manifest) {
        return runtimes.stream().filter(runtime -> runtime.name().equals(manifest.runtime())).findFirst()
                .map(ModelRuntime::library).orElse(manifest.runtime());
    }
}
