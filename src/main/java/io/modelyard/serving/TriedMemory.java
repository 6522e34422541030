package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.trial.Trials;
import jakarta.inject.Singleton;

import java.util.OptionalLong;

/** What the child process took that tried the model. */
@Singleton
final class TriedMemory implements KnownMemory {
    private final Trials trials;

    TriedMemory(Trials trials) {
        this.trials = trials;
    }

    @Override
    public OptionalLong bytes(Model model) {
        return trials.memoryTaken(model.manifest());
    }
}
