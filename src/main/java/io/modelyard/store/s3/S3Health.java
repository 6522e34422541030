package io.modelyard.store.s3;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.modelyard.store.s3.CreateOnlyProbe.Verdict;
import jakarta.inject.Singleton;
import org.reactivestreams.Publisher;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells in {@code /health} whether the bucket keeps create-only writes. It is up all the same: what is served is served. */
@Singleton
@Requires(bean = S3Store.class)
final class S3Health implements HealthIndicator {
    private final S3Store store;

    S3Health(S3Store store) {
        this.store = store;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Verdict verdict = store.probe().verdict();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("create_only", verdict.name().toLowerCase(Locale.ROOT));
        if (verdict == Verdict.IGNORED) {
            details.put("problem", store.probe().unconditionalAllowed()
                    ? "the server cannot refuse to overwrite; only one writer may write at a time"
                    : "the server cannot refuse to overwrite, so nothing is created. " + CreateOnlyProbe.whatToDo());
        }
        return Publishers.just(HealthResult.builder("s3", HealthStatus.UP).details(details).build());
    }
}
