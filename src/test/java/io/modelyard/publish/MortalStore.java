package io.modelyard.publish;

import io.modelyard.store.ObjectStore;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A store whose user dies at a step: right before it is done, or right after. Dead is dead: nothing is done any more. */
final class MortalStore implements ObjectStore {
    private final ObjectStore store;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean after;
    private volatile boolean dead;

    /** As a kill does, it passes by whatever handles failures. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    MortalStore(ObjectStore store) {
        this.store = store;
    }

    /** @param steps that are done before the last one */
    void dieAfter(int steps, boolean lastIsDone) {
        after = lastIsDone;
        dead = false;
        left.set(steps);
    }

    /** As another process, which nobody kills. */
    void live() {
        dieAfter(Integer.MAX_VALUE, false);
    }

    boolean isDead() {
        return dead;
    }

    private <T> T step(Supplier<T> work) {
        boolean last = left.getAndDecrement() == 0;
        if (dead || (last && !after)) {
            dead = true;
            throw new Killed();
        }
        T result = work.get();
        if (last) {
            dead = true;
            throw new Killed();
        }
        return result;
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return step(() -> store.page(prefix, startAfter));
    }

    @Override
    public Optional<Content> get(String key) {
        return step(() -> store.get(key));
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        return step(() -> store.getIfChanged(key, etag));
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        return step(() -> store.open(key, offset, etag));
    }

    @Override
    public Creation create(String key, byte[] content) {
        return step(() -> store.create(key, content));
    }

    @Override
    public Creation create(String key, Path file) {
        return step(() -> store.create(key, file));
    }

    @Override
    public String put(String key, byte[] content) {
        return step(() -> store.put(key, content));
    }

    @Override
    public void delete(String key) {
        step(() -> {
            store.delete(key);
            return key;
        });
    }

    @Override
    public String location() {
        return store.location();
    }
}
