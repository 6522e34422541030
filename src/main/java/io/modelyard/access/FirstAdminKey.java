package io.modelyard.access;

import io.modelyard.model.ApiKey;
import io.modelyard.model.Role;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the key that all others are made with, where there is none at all. The file comes before the document: a
 * process that ends in between leaves a file whose key is used next time, and never a key that nobody has. Of several
 * servers the one that creates the document wins.
 */
final class FirstAdminKey {
    private static final String ID = "admin";

    private final KeyStore store;
    private final KeysFile mounted;
    private final AdminKeyFile file;
    private final SecureRandom random;
    private final InstantSource clock;

    FirstAdminKey(KeyStore store, KeysFile mounted, AdminKeyFile file, SecureRandom random, InstantSource clock) {
        this.store = store;
        this.mounted = mounted;
        this.file = file;
        this.random = random;
        this.clock = clock;
    }

    /** What became of it. */
    sealed interface Outcome {
        /** The store has not been read yet, and an empty hand is not an empty store. */
        record NotKnown() implements Outcome {}

        /** There are keys, or a file of keys holds one that makes others. */
        record NotNeeded() implements Outcome {}

        /** @param file holds the key */
        record Made(Path file) implements Outcome {}

        /** Another server was faster and has the key in its own file. */
        record MadeElsewhere() implements Outcome {}
    }

    /** Decided on what the store said last; blocks. */
    Outcome ensure() {
        if (!store.keys().isEmpty() || mounted.holdsValidAdmin()) {
            return new Outcome.NotNeeded();
        }
        if (!store.isRead()) {
            return new Outcome.NotKnown();
        }
        Optional<PlainKey> left = file.read();
        boolean written = false;
        if (left.isEmpty()) {
            written = file.create(PlainKey.random(random));
            left = file.read();
        }
        PlainKey key = left.orElseThrow(() -> new IllegalStateException(file.path()
                + " is empty or vanished while the first admin key was made; remove it and start again"));
        if (create(key)) {
            return new Outcome.Made(file.path());
        }
        if (written) {
            file.delete();
        }
        return new Outcome.MadeElsewhere();
    }

    /** Whether the document in the store is about this key. */
    private boolean create(PlainKey key) {
        ApiKey stored = store.change(ID, current -> current.orElseGet(() -> new ApiKey(ID, 1, ApiKeys.changeId(),
                "first admin key", key.hash(), Set.of(Role.ADMIN), Set.of(), null, false, clock.instant(), null)));
        return stored.hash().equals(key.hash());
    }
}
