package io.modelyard.serving;

import io.modelyard.model.Model;

import java.util.Map;
import java.util.Optional;

/** What a feature that serving does not know has measured of versions, to be shown with them. Thread-safe. */
public interface ModelMetrics {
    /** Under which it is shown. */
    String name();

    /** What there is to be shown of a version, as JSON values. Answers from memory: it must not block. */
    Optional<Map<String, Object>> of(Model model);
}
