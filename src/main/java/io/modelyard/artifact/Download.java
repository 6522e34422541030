package io.modelyard.artifact;

import io.modelyard.model.ArtifactFile;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Opening;
import io.modelyard.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fetches one file, and knows by its size and SHA-256 whether it is the right one. Goes on where it broke off, as long as
 * the store has the same object. For one use by one thread.
 */
final class Download {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);

    /** Failures in a row, without {@link #PROGRESS} between them, after which it gives up. */
    private static final int ATTEMPTS = 5;
    private static final int PROGRESS = 1 << 20;
    private static final int CHUNK = 1 << 17;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final ObjectStore store;
    private final ArtifactFile file;
    private final String key;
    private final Part part;
    private final Listener listener;
    private String digest = "";

    /** Hears how it goes. */
    interface Listener {
        /** @param bytes that are on disk of the file */
        void has(long bytes);

        /** @param bytes that came over the wire just now */
        void fetched(int bytes);

        void failed();
    }

    /** How one attempt ended. */
    private enum End {
        WHOLE, WRONG, SHORTER
    }

    /** The bytes stopped coming. */
    private static final class BrokenOffException extends Exception {
        private static final long serialVersionUID = 1;

        BrokenOffException(Throwable cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    Download(ObjectStore store, ArtifactFile file, String key, Part part, Listener listener) {
        this.store = store;
        this.file = file;
        this.key = key;
        this.part = part;
        this.listener = listener;
    }

    /**
     * Makes the part whole. What is there of it stays when this fails, unless it is wrong.
     *
     * @param wait after the first failure
     * @throws ArtifactException if the object is not what the manifest says, or cannot be read to its end
     * @throws IOException if the disk refuses
     */
    void run(Duration wait) throws ArtifactException, IOException, InterruptedException {
        listener.has(part.size());
        boolean startedOver = false;
        for (int failures = 0;;) {
            long before = part.size();
            try {
                End end = attempt();
                if (end == End.WHOLE) {
                    return;
                }
                ArtifactException wrong = wrong(end);
                part.reset();
                listener.has(0);
                if (startedOver) {
                    throw wrong;
                }
                // The wire may have damaged it, or it was damaged here when the machine lost power.
                startedOver = true;
            } catch (BrokenOffException e) {
                listener.failed();
                failures = part.size() - before >= PROGRESS ? 1 : failures + 1;
                if (failures == ATTEMPTS) {
                    throw new ArtifactException(key + " broke off " + ATTEMPTS + " times, last at byte " + part.size()
                            + " of " + file.size() + ": " + e.getMessage() + "; the next try goes on from there", e);
                }
                Thread.sleep(jittered(wait, failures));
            }
        }
    }

    private End attempt() throws BrokenOffException, ArtifactException, IOException {
        if (part.size() < file.size() || file.size() == 0) {
            Opening opening;
            try {
                opening = store.open(key, part.size(), part.etag());
            } catch (StoreException e) {
                throw new BrokenOffException(e);
            }
            switch (opening) {
                case Opening.Absent _ -> throw new ArtifactException(key + " is missing in " + store.location()
                        + "; publish the version again under another name", null);
                case Opening.Replaced _ -> {
                    part.reset();
                    listener.has(0);
                    throw new BrokenOffException(new IOException("it was replaced by another object meanwhile"));
                }
                case Opening.Found found -> {
                    End end = read(found);
                    if (end != End.WHOLE) {
                        return end;
                    }
                }
            }
        }
        digest = part.digest();
        return digest.equals(file.sha256()) ? End.WHOLE : End.WRONG;
    }

    private End read(Opening.Found found) throws BrokenOffException, IOException {
        long before = part.size();
        byte[] chunk = new byte[CHUNK];
        InputStream in = found.bytes();
        try {
            if (before == 0) {
                part.begin(found.etag());
            }
            for (int n = next(in, chunk); n >= 0; n = next(in, chunk)) {
                if (part.size() + n > file.size()) {
                    return End.WRONG;
                }
                part.append(chunk, n);
                listener.fetched(n);
                listener.has(part.size());
            }
        } finally {
            close(in);
        }
        if (part.size() == file.size()) {
            return End.WHOLE;
        }
        if (part.size() == before) {
            return End.SHORTER;
        }
        throw new BrokenOffException(new IOException("the connection ended early"));
    }

    private static int next(InputStream in, byte[] chunk) throws BrokenOffException {
        try {
            return in.read(chunk);
        } catch (IOException | StoreException e) {
            throw new BrokenOffException(e);
        }
    }

    private void close(InputStream in) {
        try {
            in.close();
        } catch (IOException | StoreException e) {
            LOG.debug("{} could not be closed after its bytes were read", key, e);
        }
    }

    private ArtifactException wrong(End end) {
        String what = switch (end) {
            case SHORTER -> " has " + part.size() + " bytes, the manifest says " + file.size();
            case WHOLE, WRONG -> part.size() == file.size()
                    ? " has the SHA-256 " + digest + ", the manifest says " + file.sha256()
                    : " is larger than the " + file.size() + " bytes that the manifest says";
        };
        return new ArtifactException(key + " in " + store.location() + what
                + "; publish the version again under another name", null);
    }

    private static Duration jittered(Duration wait, int failures) {
        Duration longest = wait.multipliedBy(1L << (failures - 1));
        longest = longest.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longest;
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest.toNanos() / 2, longest.toNanos() + 1));
    }
}
