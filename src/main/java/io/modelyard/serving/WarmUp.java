package io.modelyard.serving;

import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InferenceException;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.WarmUpRows;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.TensorSpec;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a model before its first request: that it answers its examples rightly, and whether it gains from joined requests. */
@Singleton
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final int iterations;
    private final BatchingConfiguration batching;

    WarmUp(ServingConfiguration configuration, BatchingConfiguration batching) {
        this.iterations = configuration.warmupIterations();
        this.batching = batching;
    }

    /**
     * Runs the examples, or where there are none a row made from the signature. Examples are run at least once: they are the
     * model's proof.
     *
     * @return how requests for it are joined
     * @throws InvalidModelException if an example is answered otherwise than the manifest says
     */
    Batching run(Model model, DescribedModel described) throws InvalidModelException {
        Manifest manifest = model.manifest();
        for (int i = 0; i < Math.max(1, iterations); i++) {
            ExampleCheck.check(described, manifest);
        }
        try {
            InputRows one = WarmUpRows.one(described, manifest);
            if (manifest.examples().isEmpty()) {
                for (int i = 0; i < iterations; i++) {
                    described.run(one, described.signature().defaultOutputs().stream().map(TensorSpec::name).toList());
                }
            }
            return batching(manifest, described, one);
        } catch (InferenceException e) {
            // Zeros need not be a sensible input; requests will tell.
            LOG.info("{} has no example, and does not answer a row of zeros: {}", model.id(), e.getMessage());
            return batching.decide(manifest.batching(), null);
        }
    }

    private Batching batching(Manifest manifest, DescribedModel described, InputRows one) {
        int rows = batching.maxRows(manifest.batching());
        if (!described.signature().isBatched()) {
            return Batching.NEVER;
        }
        return batching.decide(manifest.batching(),
                rows == 1 ? null : BatchingTrial.measure(described, one, rows));
    }
}
