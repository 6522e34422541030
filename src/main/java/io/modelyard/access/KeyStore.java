package io.modelyard.access;

import io.modelyard.model.ApiKey;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Where keys are kept, as this package needs it. */
public interface KeyStore {
    /** By id, as last read; the same object until they are read again. Does not block. */
    Map<String, ApiKey> keys();

    /** Whether the keys have been read at all: before that, {@link #keys()} may be empty without meaning it. */
    boolean isRead();

    /**
     * Creates the next revision of a key, which {@link #keys()} has from then on. Blocks.
     *
     * @param decide told what is there now and asked what shall be; called again where somebody else was faster.
     *        Where it returns what it was told, nothing is written; whatever it throws is thrown
     * @throws io.modelyard.model.ServingFailure if the store cannot be reached
     */
    ApiKey change(String id, Function<Optional<ApiKey>, ApiKey> decide);
}
