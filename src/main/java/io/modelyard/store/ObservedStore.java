package io.modelyard.store;

import io.modelyard.store.StoreObserver.Outcome;
import io.modelyard.store.StoreObserver.Request;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Tells an observer of every call of a store that is not reached by HTTP. */
public final class ObservedStore implements ObjectStore {
    private final ObjectStore store;
    private final StoreObserver observer;

    public ObservedStore(ObjectStore store, StoreObserver observer) {
        this.store = store;
        this.observer = observer;
    }

    @Override
    public List<Entry> list(String prefix, String startAfter) {
        return observed("list", 0, () -> store.list(prefix, startAfter), list -> Outcome.OK, list -> 0);
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return observed("list", 0, () -> store.page(prefix, startAfter), page -> Outcome.OK, page -> 0);
    }

    @Override
    public Optional<Content> get(String key) {
        return observed("get", 0, () -> store.get(key), found -> found.isPresent() ? Outcome.OK : Outcome.NOT_FOUND,
                found -> found.map(content -> content.bytes().length).orElse(0));
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        return observed("get_if_changed", 0, () -> store.getIfChanged(key, etag), changed -> switch (changed) {
            case Changed.Found found -> Outcome.OK;
            case Changed.NotModified same -> Outcome.NOT_MODIFIED;
            case Changed.Absent absent -> Outcome.NOT_FOUND;
        }, changed -> changed instanceof Changed.Found found ? found.content().bytes().length : 0);
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        long start = System.nanoTime();
        Opening opening;
        try {
            opening = store.open(key, offset, etag);
        } catch (StoreException e) {
            observer.observed(new Request("open", Outcome.ERROR, System.nanoTime() - start, 0, 0));
            throw e;
        }
        long opened = System.nanoTime() - start;
        return switch (opening) {
            case Opening.Found found -> new Opening.Found(new ObservedStream(found.bytes(),
                    (bytes, nanos, failure) -> observer.observed(new Request("open",
                            failure == null ? Outcome.OK : Outcome.ERROR, opened + nanos, 0, bytes))),
                    found.etag());
            case Opening.Replaced replaced -> {
                observer.observed(new Request("open", Outcome.CONFLICT, opened, 0, 0));
                yield replaced;
            }
            case Opening.Absent absent -> {
                observer.observed(new Request("open", Outcome.NOT_FOUND, opened, 0, 0));
                yield absent;
            }
        };
    }

    @Override
    public Creation create(String key, byte[] content) {
        return observed("create", content.length, () -> store.create(key, content), ObservedStore::outcome, made -> 0);
    }

    @Override
    public Creation create(String key, Path file) {
        return observed("create", size(file), () -> store.create(key, file), ObservedStore::outcome, made -> 0);
    }

    @Override
    public String put(String key, byte[] content) {
        return observed("put", content.length, () -> store.put(key, content), etag -> Outcome.OK, etag -> 0);
    }

    @Override
    public void delete(String key) {
        observed("delete", 0, () -> {
            store.delete(key);
            return key;
        }, done -> Outcome.OK, done -> 0);
    }

    @Override
    public String location() {
        return store.location();
    }

    private <T> T observed(String operation, long sent, Supplier<T> call, Function<T, Outcome> outcome,
            ToLongFunction<T> read) {
        long start = System.nanoTime();
        T result;
        try {
            result = call.get();
        } catch (StoreException e) {
            observer.observed(new Request(operation, Outcome.ERROR, System.nanoTime() - start, 0, 0));
            throw e;
        }
        Outcome how = outcome.apply(result);
        observer.observed(new Request(operation, how, System.nanoTime() - start, how == Outcome.OK ? sent : 0,
                read.applyAsLong(result)));
        return result;
    }

    private static Outcome outcome(Creation creation) {
        return creation instanceof Creation.Created ? Outcome.OK : Outcome.CONFLICT;
    }

    /** What cannot be read fails where it is to be copied, and says so there. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
