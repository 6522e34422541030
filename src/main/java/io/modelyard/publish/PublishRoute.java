package io.modelyard.publish;

import io.modelyard.http.LargeBodies;
import jakarta.inject.Singleton;

import java.util.Optional;
import java.util.regex.Pattern;

/** Lets models through that are larger than other requests: {@code PUT /models/{type}/{version}}. */
@Singleton
final class PublishRoute implements LargeBodies {
    private static final Pattern PATH = Pattern.compile("/models/[^/]+/[^/]+/?");

    private final Optional<Allowance> allowance;

    PublishRoute(ReceiveConfiguration configuration) {
        this.allowance = Optional.of(new Allowance(configuration.maxBytes(), ReceiveConfiguration.MAX_BYTES));
    }

    @Override
    public Optional<Allowance> of(String method, String path) {
        return method.equals("PUT") && PATH.matcher(path).matches() ? allowance : Optional.empty();
    }
}
