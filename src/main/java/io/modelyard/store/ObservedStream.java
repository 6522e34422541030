package io.modelyard.store;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stream that says once, when it is done with, how much was read, how long reading took and what went wrong. */
public final class ObservedStream extends FilterInputStream {
    private final Listener listener;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile long bytes;
    private volatile long nanos;
    private volatile @Nullable IOException failure;

    /** Is told when the stream is closed. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param nanos spent in reads
         * @param failure of a read; null where there was none
         */
        void done(long bytes, long nanos, @Nullable IOException failure);
    }

    public ObservedStream(InputStream in, Listener listener) {
        super(in);
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread reads; others only look, and only at the end.
    public int read(byte[] into, int offset, int length) throws IOException {
        long start = System.nanoTime();
        try {
            int count = in.read(into, offset, length);
            bytes += Math.max(0, count);
            return count;
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    @Override
    public long skip(long count) throws IOException {
        return in.skip(count);
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            done();
        }
    }

    /** As closing it, for whoever ends the stream in another way. */
    public void done() {
        if (told.compareAndSet(false, true)) {
            listener.done(bytes, nanos, failure);
        }
    }
}
