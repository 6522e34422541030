package io.modelyard.serving;

import io.modelyard.artifact.Artifact;
import io.modelyard.artifact.ArtifactCache;
import io.modelyard.artifact.ArtifactException;
import io.modelyard.artifact.Progress;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.trial.Quarantine;
import io.modelyard.trial.Trials;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Brings one version from the store into memory: files, runtime, manifest, examples. Blocks; safe for many threads. */
@Singleton
final class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);

    private final ArtifactCache artifacts;
    private final Map<String, ModelRuntime> runtimes;
    private final WarmUp warmUp;
    private final Trials trials;
    private final Quarantine quarantine;
    private final MemoryLimits limits;

    ModelLoader(ArtifactCache artifacts, List<ModelRuntime> runtimes, WarmUp warmUp, Trials trials,
            Quarantine quarantine, MemoryLimits limits) {
        this.artifacts = artifacts;
        this.runtimes = runtimes.stream().collect(Collectors.toMap(ModelRuntime::name, Function.identity()));
        this.warmUp = warmUp;
        this.trials = trials;
        this.quarantine = quarantine;
        this.limits = limits;
    }

    /**
     * The model's files, on local disk, which a child process has loaded without harm. Takes its time where they must be
     * fetched or tried, and little else of this process.
     *
     * @throws ArtifactException if the files cannot be had
     * @throws InvalidModelException if there is no runtime for them, or they cannot be served
     * @throws ServingFailure.Unavailable if they need more memory than there is
     */
    Artifact fetch(Servable servable) throws ArtifactException, InvalidModelException {
        Model model = servable.model();
        runtime(model.manifest());
        Optional<String> quarantined = quarantine.reason(model);
        if (quarantined.isPresent()) {
            throw new InvalidModelException(quarantined.get());
        }
        servable.is(ServableState.DOWNLOADING);
        Artifact artifact = artifacts.open(model);
        boolean passed = false;
        try {
            servable.is(ServableState.LOADING);
            trials.demand(model.manifest(), files(artifact, model.manifest()),
                    OptionalLong.of(limits.bytes()));
            passed = true;
            return artifact;
        } finally {
            if (!passed) {
                artifact.close();
            }
        }
    }

    /** How far the model's files are, while they are being fetched. */
    Optional<Progress> progress(Model model) {
        return artifacts.progress(model.digest());
    }

    private ModelRuntime runtime(Manifest manifest) throws InvalidModelException {
        ModelRuntime runtime = runtimes.get(manifest.runtime());
        if (runtime == null) {
            throw new InvalidModelException("there is no runtime '" + manifest.runtime() + "'; there are "
                    + String.join(", ", runtimes.keySet()));
        }
        return runtime;
    }

    /**
     * Loads into {@code servable}, which is READY afterwards and holds the files.
     *
     * @param artifact closed here where this fails
     * @throws InvalidModelException if the files cannot be served
     */
    void load(Servable servable, Artifact artifact) throws InvalidModelException {
        Manifest manifest = servable.model().manifest();
        boolean loaded = false;
        try (Quarantine.Marked _ = quarantine.mark(servable.model())) {
            long start = System.nanoTime();
            DescribedModel described = DescribedModel.load(runtime(manifest), files(artifact, manifest),
                    manifest);
            servable.loaded(described, artifact, since(start));
            loaded = true;
            warmUp(servable, described);
        } finally {
            if (!loaded) {
                artifact.close();
            }
        }
    }

    private static ModelFiles files(Artifact artifact, Manifest manifest) {
        return new ModelFiles(artifact.folder(), manifest.files().stream().map(ArtifactFile::path).toList(),
                manifest.runtimeOptions());
    }

    /** Why the model is not even tried on this replica. */
    Optional<String> quarantined(Model model) {
        return quarantine.reason(model);
    }

    /** Lets a model be tried once more that ended a process of this replica. Whether there was such a one. */
    boolean forgive(Model model) {
        // Both: one does not tell of the other.
        boolean released = quarantine.release(model);
        return trials.forgive(model.manifest()) || released;
    }

    private void warmUp(Servable servable, DescribedModel described) throws InvalidModelException {
        Model model = servable.model();
        try {
            long warm = System.nanoTime();
            Batching batching = warmUp.run(model, described);
            servable.warm(since(warm), batching);
        } catch (InvalidModelException | RuntimeException | Error e) {
            servable.drainHere("its examples failed");
            throw e;
        }
        described.warnings().forEach(warning -> LOG.warn("{}: {}", model.id(), warning));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
