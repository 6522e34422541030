package io.modelyard.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** A part of an object that is read into memory before its turn. */
final class PartAhead implements AutoCloseable {
    private final ReadAhead budget;
    private final RangeReader reader;
    private final Future<byte[]> bytes;
    private final AtomicBoolean released = new AtomicBoolean();

    /** @param budget has room for it, which it gives back */
    PartAhead(ReadAhead budget, RangeReader reader, int length) {
        this.budget = budget;
        this.reader = reader;
        this.bytes = budget.threads().submit(() -> {
            byte[] part = new byte[length];
            reader.readFully(part);
            return part;
        });
    }

    /** Waits for it; the reader's own patience bounds for how long. */
    byte[] await() throws IOException {
        try {
            return bytes.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e.getCause());
        } catch (CancellationException e) {
            throw new IOException("the stream was closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        }
    }

    /** Ends what is under way, and gives the room back. */
    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            reader.close();
            bytes.cancel(true);
            budget.release();
        }
    }
}
