package io.modelyard.access;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the file of keys is. A server whose file is broken is well: it goes on with the keys that it has read before. */
@Singleton
@Requires(property = "modelyard.access.keys-file")
final class KeysFileHealth implements HealthIndicator {
    private final KeysFile file;

    KeysFileHealth(KeysFile file) {
        this.file = file;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        KeysFile.Content content = file.content();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("keys", content.keys().size());
        details.put("in_force", content.problem() == null);
        if (content.problem() != null) {
            details.put("problem", content.problem());
        }
        return Publishers.just(HealthResult.builder("keys_file", HealthStatus.UP).details(details).build());
    }
}
