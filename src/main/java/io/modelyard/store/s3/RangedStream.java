package io.modelyard.store.s3;

import io.modelyard.store.s3.Ranges.Answer;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * An object as one stream of bytes, of which the next parts are fetched side by side while the first is read. All of it
 * is the object whose first answer came: every further request insists on its ETag.
 *
 * <p>
 * Memory is bounded twice: a stream has a few parts ahead, and all streams share {@link ReadAhead}. A stream that gets no
 * room there reads its part straight from the connection, so none waits for another. One thread reads; any may close.
 */
final class RangedStream extends InputStream {
    /** Parts of one stream that are fetched at once, besides the one that is read. */
    private static final int MOST_AHEAD = 4;

    private final Ranges ranges;
    private final ReadAhead budget;
    private final S3Configuration configuration;
    private final String key;
    private final String etag;
    private final long size;
    private final Deque<PartAhead> ahead = new ArrayDeque<>();
    /** Where the part begins that nobody fetches yet. */
    private long next;
    private @Nullable RangeReader direct;
    private @Nullable PartAhead current;
    private byte[] buffer = new byte[0];
    private int at;
    private volatile boolean closed;

    RangedStream(Ranges ranges, ReadAhead budget, S3Configuration configuration, String key, Answer first) {
        this.ranges = ranges;
        this.budget = budget;
        this.configuration = configuration;
        this.key = key;
        this.etag = first.etag();
        this.size = first.size();
        this.next = first.to();
        this.direct = new RangeReader(ranges, key, first, configuration.totalTimeout(first.to() - first.from()));
        fetchAhead();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        do {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            int count = readCurrent(into, offset, length);
            if (count > 0) {
                return count;
            }
        } while (advance());
        return -1;
    }

    private int readCurrent(byte[] into, int offset, int length) throws IOException {
        RangeReader reader = direct;
        if (reader != null) {
            return reader.read(into, offset, length);
        }
        int count = Math.min(length, buffer.length - at);
        System.arraycopy(buffer, at, into, offset, count);
        at += count;
        return count;
    }

    /** Turns to the next part; false at the end. */
    private boolean advance() throws IOException {
        PartAhead part;
        synchronized (ahead) {
            direct = null;
            releaseCurrent();
            fetchAhead();
            part = ahead.poll();
            if (part == null) {
                if (next >= size || closed) {
                    return false;
                }
                direct = reader();
                fetchAhead();
                return true;
            }
            current = part;
        }
        buffer = part.await();
        return true;
    }

    private void fetchAhead() {
        synchronized (ahead) {
            while (!closed && ahead.size() < MOST_AHEAD && next < size && budget.tryAcquire()) {
                int length = (int) Math.min(configuration.partSize(), size - next);
                ahead.add(new PartAhead(budget, reader(), length));
            }
        }
    }

    private RangeReader reader() {
        long from = next;
        next = Math.min(size, from + configuration.partSize());
        return new RangeReader(ranges, key, etag, from, next, configuration.totalTimeout(next - from));
    }

    private void releaseCurrent() {
        buffer = new byte[0];
        at = 0;
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Frees connections and memory, and ends what is under way. */
    @Override
    public void close() {
        closed = true;
        synchronized (ahead) {
            if (direct != null) {
                direct.close();
            }
            if (current != null) {
                current.close();
            }
            ahead.forEach(PartAhead::close);
            ahead.clear();
        }
    }
}
