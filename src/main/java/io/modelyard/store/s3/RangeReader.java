package io.modelyard.store.s3;

import io.modelyard.store.StoreException;
import io.modelyard.store.s3.Ranges.Answer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Reads one range of an object. Where the connection breaks or the content ends early, the rest is asked for again, a
 * bounded number of times and for a bounded time. One thread reads; any may close.
 */
final class RangeReader implements AutoCloseable {
    /** How often a range may break. Each new request is repeated by the client too, where it fails. */
    private static final int BREAKS = 5;

    private final Ranges ranges;
    private final String key;
    private final String etag;
    private final long end;
    private final long patience;
    private long position;
    private volatile @Nullable Answer answer;
    private volatile boolean closed;
    private int breaks;
    private long waited;

    /** @param patience for which reading the range may keep the reader waiting */
    RangeReader(Ranges ranges, String key, String etag, long from, long to, Duration patience) {
        this.ranges = ranges;
        this.key = key;
        this.etag = etag;
        this.position = from;
        this.end = to;
        this.patience = patience.toNanos();
    }

    /** Begins with an answer that is there already. */
    RangeReader(Ranges ranges, String key, Answer first, Duration patience) {
        this(ranges, key, first.etag(), first.from(), first.to(), patience);
        this.answer = first;
    }

    /** As of an input stream. */
    int read(byte[] into, int offset, int length) throws IOException {
        while (position < end) {
            long start = System.nanoTime();
            try {
                int count = opened().body().read(into, offset, (int) Math.min(length, end - position));
                if (count < 0) {
                    throw new EOFException("the answer ended at byte " + position + " of " + end);
                }
                position += count;
                if (position == end) {
                    finish();
                }
                return count;
            } catch (IOException e) {
                abort();
                goOnAfter(e);
            } catch (SdkException e) {
                abort();
                throw Thread.currentThread().isInterrupted()
                        ? interrupted()
                        : new FinalException("'" + key + "' cannot be read on: " + e.getMessage(), e);
            } finally {
                waited += System.nanoTime() - start;
            }
        }
        return -1;
    }

    /** All that is left of the range, to the beginning of {@code into}. */
    void readFully(byte[] into) throws IOException {
        for (int at = 0; position < end;) {
            at += read(into, at, into.length - at);
        }
    }

    private Answer opened() throws IOException {
        if (closed) {
            throw new InterruptedIOException("the stream was closed");
        }
        Answer open = answer;
        if (open == null) {
            try {
                open = ranges.get(key, position, end, etag);
            } catch (AwsServiceException refusal) {
                throw switch (refusal.statusCode()) {
                    case 412 -> new FinalException("'" + key + "' was overwritten while it was read", refusal);
                    case 404 -> new FinalException("'" + key + "' was deleted while it was read", refusal);
                    default -> S3Failures.isPassing(refusal)
                            ? new IOException(refusal)
                            : new FinalException("'" + key + "' cannot be read on: " + refusal.getMessage(), refusal);
                };
            } catch (StoreException | SdkException e) {
                throw new IOException(e);
            }
            if (!open.etag().equals(etag) || open.to() != end) {
                open.body().abort();
                throw new FinalException("'" + key + "' was overwritten while it was read", null);
            }
            answer = open;
            if (closed) {
                abort();
                throw new InterruptedIOException("the stream was closed");
            }
        }
        return open;
    }

    /** Takes note of the end, so that the connection can be used again, and the content is checked where it can be. */
    private void finish() throws IOException {
        Answer done = answer;
        answer = null;
        if (done != null) {
            try {
                if (done.body().read() >= 0) {
                    done.body().abort();
                }
                done.body().close();
            } catch (IOException broken) {
                done.body().abort();
            } catch (SdkException damaged) {
                done.body().abort();
                throw new FinalException("'" + key + "' was damaged on the way: " + damaged.getMessage(), damaged);
            }
        }
    }

    private void goOnAfter(IOException failure) throws IOException {
        if (failure instanceof FinalException || closed) {
            throw failure;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        breaks++;
        if (breaks >= BREAKS || waited > patience) {
            throw new IOException("'" + key + "' could not be read beyond byte " + position + ", the connection broke "
                    + breaks + " times: " + failure.getMessage(), failure);
        }
        try {
            Thread.sleep(Jitter.delay(breaks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted while reading");
    }

    private void abort() {
        Answer open = answer;
        answer = null;
        if (open != null) {
            open.body().abort();
        }
    }

    @Override
    public void close() {
        closed = true;
        abort();
    }

    /** A failure that another request would not mend. */
    private static final class FinalException extends IOException {
        private static final long serialVersionUID = 1;

        FinalException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
