package io.modelyard.artifact;

import io.modelyard.store.ObjectStore;
import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Another store whose openings are remembered, and whose wire can be troubled. */
public final class WatchedStore implements ObjectStore {
    private final ObjectStore store;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Wire wire = Wire.SOUND;

    /** One opening of an object. */
    public record Request(String key, long offset, @Nullable String etag) {}

    /** What happens to bytes between the store and its reader. */
    @FunctionalInterface
    public interface Wire {
        Wire SOUND = (request, bytes) -> bytes;

        /** May also throw a StoreException. */
        InputStream through(Request request, InputStream bytes);
    }

    public WatchedStore(ObjectStore store) {
        this.store = store;
    }

    public void wire(Wire wire) {
        this.wire = wire;
    }

    public List<Request> requests() {
        return requests;
    }

    public List<String> opened() {
        return requests.stream().map(Request::key).toList();
    }

    /** Bytes that were read by whoever opened objects. */
    public long bytesRead() {
        return bytes.get();
    }

    @Override
    public Opening open(String key, long offset, @Nullable String etag) {
        Request request = new Request(key, offset, etag);
        requests.add(request);
        Opening opening = store.open(key, offset, etag);
        return opening instanceof Opening.Found found
                ? new Opening.Found(new Counted(wire.through(request, found.bytes())), found.etag())
                : opening;
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            bytes.addAndGet(Math.max(0, n));
            return n;
        }
    }

    @Override
    public Page page(String prefix, String startAfter) {
        return store.page(prefix, startAfter);
    }

    @Override
    public Optional<Content> get(String key) {
        return store.get(key);
    }

    @Override
    public Changed getIfChanged(String key, String etag) {
        return store.getIfChanged(key, etag);
    }

    @Override
    public Creation create(String key, byte[] content) {
        return store.create(key, content);
    }

    @Override
    public Creation create(String key, Path file) {
        return store.create(key, file);
    }

    @Override
    public String put(String key, byte[] content) {
        return store.put(key, content);
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public String location() {
        return store.location();
    }
}
