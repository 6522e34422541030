package io.modelyard.serving;

import io.micronaut.runtime.event.annotation.EventListener;
import io.modelyard.artifact.ArtifactMended;
import jakarta.inject.Singleton;

/** Loads models anew whose files were damaged on disk and are right again. */
@Singleton
class MendedModels {
    private final Servables servables;

    MendedModels(Servables servables) {
        this.servables = servables;
    }

    @EventListener
    void mended(ArtifactMended mended) {
        servables.reload(mended.digest());
    }
}
