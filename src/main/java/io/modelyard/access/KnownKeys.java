package io.modelyard.access;

import io.modelyard.model.ApiKey;
import jakarta.inject.Singleton;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All keys, wherever they come from. What the store says of an id counts, also that it is revoked: a file that still has it does
 * not bring it back. Safe for use by many threads; does not block.
 */
@Singleton
final class KnownKeys {
    private final KeyStore store;
    private final KeysFile file;

    /** Where a key comes from. */
    enum Source {
        STORE, FILE;

        String jsonName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Known(ApiKey key, Source source) {}

    /** What there is at one moment; equal parts are the same objects. */
    record View(Map<String, ApiKey> stored, Map<String, ApiKey> filed) {
        /** Those of the store first. */
        List<Known> all() {
            List<Known> all = new ArrayList<>(stored.size() + filed.size());
            stored.values().forEach(key -> all.add(new Known(key, Source.STORE)));
            filed.values().stream().filter(key -> !stored.containsKey(key.id()))
                    .forEach(key -> all.add(new Known(key, Source.FILE)));
            return all;
        }

        @SuppressWarnings("ReferenceEquality") // equality of contents would cost what it is to save
        boolean isSameAs(View other) {
            return stored == other.stored && filed == other.filed;
        }
    }

    KnownKeys(KeyStore store, KeysFile file) {
        this.store = store;
        this.file = file;
    }

    View view() {
        return new View(store.keys(), file.keys());
    }

    /** Oldest first, revoked and expired ones too. */
    List<Known> list() {
        return view().all().stream().sorted(Comparator.comparing((Known known) -> known.key().createdAt())
                .thenComparing(known -> known.key().id())).toList();
    }
}
