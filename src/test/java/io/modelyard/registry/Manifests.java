package io.modelyard.registry;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Small manifests for tests. */
final class Manifests {
    static final Instant CREATED = Instant.parse("2026-11-20T10:00:00Z");

    private Manifests() {}

    static Manifest of(String type, String version) {
        return of(type, version, CREATED, null, "a".repeat(64));
    }

    static Manifest of(String type, String version, Instant createdAt, @Nullable String push, String sha256) {
        return new Manifest(1, type, version, "xgboost", push, List.of(new ArtifactFile("model.ubj", 100, sha256)),
                List.of(), List.of(), List.of(), null, null, true, Map.of(), null, null, null, null, createdAt, "ci",
                Map.of());
    }
}
