package io.modelyard.publish;

import io.modelyard.http.LargeBodies;
import jakarta.inject.Singleton;

import java.util.Optional;
import java.util.regex.Pattern;

/** Lets models through that are larger than other requests: {@code PUT /models/{type}/{version}}. */
@Singleton
final class UploadRoute implements LargeBodies {
    private static final Pattern PATH = Pattern.compile("/models/[^/]+/[^/]+/?");

    private final Optional<Allowance> allowance;

    UploadRoute(UploadConfiguration configuration) {
        this.allowance = Optional.of(new Allowance(configuration.maxBytes(), UploadConfiguration.MAX_BYTES));
    }

    @Override
    public Optional<Allowance> of(String method, String path) {
        return method.equals("PUT") && PATH.matcher(path).matches() ? allowance : Optional.empty();
    }
}
