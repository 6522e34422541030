package io.modelyard.publish;

import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.trial.Trials;
import jakarta.inject.Singleton;

import java.time.Clock;

/**
 * Writes the manifest that nobody wrote: what the model says of itself, and an example with the model's own answer. What
 * its outputs are called cannot be known, so there are no labels. The model is loaded by a child process, where trials are
 * on, and has had its trial then. Safe for use by many threads; it blocks.
 */
@Singleton
public final class ManifestInference {
    private final Clock clock;
    private final Inference here;
    private final Trials trials;

    public ManifestInference(Clock clock, DocumentFormat format, Trials trials) {
        this.clock = clock;
        this.here = new Inference(clock, format);
        this.trials = trials;
    }

    /** As {@link #infer(ModelId, ModelSource, String, ManifestFields)} where nobody says anything. */
    public Manifest infer(ModelId id, ModelSource source, String by) throws InvalidModelException {
        return infer(id, source, by, ManifestFields.none());
    }

    /**
     * Loads the model and describes it. The manifest names no push. Examples that come without outputs get the model's own
     * answers.
     *
     * @param by for {@code created_by}
     * @param fields what is known better than the model says
     * @throws InvalidModelException if the files cannot be read or loaded, or are not what the fields say, or if the model
     *         ended the child process
     * @throws ServingFailure.InvalidManifest if a server would not read the manifest with these fields
     * @throws ServingFailure.Unavailable if there is not enough memory for the model
     */
    public Manifest infer(ModelId id, ModelSource source, String by, ManifestFields fields)
            throws InvalidModelException {
        if (!trials.areOn()) {
            return here.infer(id, source, by, fields);
        }
        Trials.Answer answer = trials.ask(InferenceErrand.class,
                InferenceErrand.task(id, source, by, fields, clock.instant()));
        Manifest manifest = InferenceErrand.manifest(answer.content());
        trials.passed(manifest, answer.memory());
        return manifest;
    }
}
