package io.modelyard.registry;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A real store with the troubles that networks bring: it can be down, and replies can be lost. */
final class TroubledStore implements ObjectStore {
    /** The keys that were read. */
    final List<String> reads = Collections.synchronizedList(new ArrayList<>());
    /** The requests that were made: operation and key. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    /** What a listing does not show though it is there, as one whose bytes were damaged on the way. */
    volatile Predicate<String> unlisted = key -> false;
    /** How many entries a page has at most. */
    volatile int pageSize = Integer.MAX_VALUE;
    /** Which keys and prefixes cannot be reached. */
    volatile Predicate<String> down = key -> false;
    /** Which keys may not be removed. */
    volatile Predicate<String> undeletable = key -> false;
    /** Done once, right before the next creation. */
    volatile Runnable beforeCreate = () -> {};
    /** Done once, right after the next listing. */
    volatile Runnable afterList = () -> {};
    /** Whether the client of the store repeats a creation whose reply was lost. */
    volatile boolean losesReplies;

    private final ObjectStore store;

    TroubledStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Page page(String prefix, String startAfter) {
        reach(prefix);
        requests.add("page " + prefix);
        Page all = store.page(prefix, startAfter);
        Page whole = new Page(all.entries().stream().filter(entry -> !unlisted.test(entry.key())).toList(),
                all.isLast());
        Page page = whole.entries().size() <= pageSize
                ? whole
                : new Page(whole.entries().subList(0, pageSize), false);
        Runnable then = afterList;
        afterList = () -> {};
        then.run();
        return page;
    }

    @Override
    public Optional<Content> get(String key) {
        reach(key);
        requests.add("get " + key);
        reads.add(key);
        return store.get(key);
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        reach(key);
        requests.add("getIfChanged " + key);
        return store.getIfChanged(key, etag);
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        reach(key);
        return store.open(key, offset, etag);
    }

    @Override
    public Creation create(String key, byte[] content) {
        Runnable first = beforeCreate;
        beforeCreate = () -> {};
        first.run();
        reach(key);
        Creation creation = store.create(key, content);
        return losesReplies ? store.create(key, content) : creation;
    }

    @Override
    public Creation create(String key, Path file) {
        reach(key);
        return store.create(key, file);
    }

    @Override
    public String put(String key, byte[] content) {
        reach(key);
        return store.put(key, content);
    }

    @Override
    public void delete(String key) {
        reach(key);
        if (undeletable.test(key)) {
            throw new StoreException("'" + key + "' may not be deleted (403)", null);
        }
        store.delete(key);
    }

    @Override
    public String location() {
        return store.location();
    }

    private void reach(String key) {
        if (down.test(key)) {
            throw new StoreException("the store " + location() + " cannot be reached for '" + key + "'", null);
        }
    }
}
