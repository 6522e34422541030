package io.modelyard.store.s3;

import io.modelyard.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds out whether the server honours {@code If-None-Match: *}, on which rests that nothing is overwritten: creates a
 * scratch object twice. Some servers ignore the header and say nothing. Safe for use by many threads.
 */
final class CreateOnlyProbe {
    private static final Logger LOG = LoggerFactory.getLogger(CreateOnlyProbe.class);
    private static final String FOLDER = "probe/";

    private final S3Client client;
    private final S3Location location;
    private final S3Failures failures;
    private final boolean unconditionalAllowed;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Verdict verdict = Verdict.UNDECIDED;
    private volatile boolean deniedToWriter;

    /** What is known. */
    enum Verdict {
        /** Not asked yet, or the server could not be reached, or the credentials may not write the scratch object. */
        UNDECIDED,
        /** A second creation was refused. */
        HONOURED,
        /** A second creation overwrote the first, or the server does not know the header. */
        IGNORED
    }

    CreateOnlyProbe(S3Client client, S3Location location, S3Failures failures, boolean unconditionalAllowed) {
        this.client = client;
        this.location = location;
        this.failures = failures;
        this.unconditionalAllowed = unconditionalAllowed;
    }

    Verdict verdict() {
        return verdict;
    }

    boolean unconditionalAllowed() {
        return unconditionalAllowed;
    }

    /**
     * What is known before something is created; asks the server unless it is known, or unless a writer was told already
     * that it may not be asked.
     *
     * @throws StoreException if the server cannot be reached
     */
    Verdict beforeWriting() {
        if (verdict == Verdict.UNDECIDED && !deniedToWriter) {
            deniedToWriter = probe();
        }
        return verdict;
    }

    /** Asks the server; a server that cannot be reached is asked again before the first write. */
    void atStart() {
        try {
            probe();
        } catch (StoreException e) {
            LOG.warn("Whether the store refuses to overwrite is found out at the first write. {}", e.getMessage());
        }
    }

    /** Returns whether it is not allowed to. */
    private boolean probe() {
        lock.lock();
        try {
            if (verdict != Verdict.UNDECIDED) {
                return false;
            }
            verdict = decide(FOLDER + UUID.randomUUID());
            if (verdict == Verdict.IGNORED) {
                LOG.error("{} ignores 'If-None-Match: *': what is written there can be overwritten unseen. {}",
                        location,
                        unconditionalAllowed
                                ? "modelyard.store.allow-unconditional-writes is true, so it is looked before it is "
                                        + "written; only one writer may write at a time"
                                : "Nothing is created there. " + whatToDo());
            }
            return verdict == Verdict.UNDECIDED;
        } finally {
            lock.unlock();
        }
    }

    private Verdict decide(String key) {
        try {
            if (!created(key)) {
                // Nobody else knows the key: a lost answer was repeated, and refused.
                return Verdict.HONOURED;
            }
            return created(key) ? Verdict.IGNORED : Verdict.HONOURED;
        } catch (S3Exception e) {
            if (e.statusCode() == 403) {
                LOG.info("Whether {} refuses to overwrite cannot be found out: {}", location,
                        failures.of(S3Action.CREATE, key, e).getMessage());
                return Verdict.UNDECIDED;
            }
            if (e.statusCode() == 501) {
                LOG.error("{} does not take 'If-None-Match: *': {}", location, e.getMessage());
                return Verdict.IGNORED;
            }
            throw failures.of(S3Action.CREATE, key, e);
        } catch (SdkException e) {
            throw failures.of(S3Action.CREATE, key, e);
        } finally {
            remove(key);
        }
    }

    private boolean created(String key) {
        try {
            client.putObject(request -> request.bucket(location.bucket()).key(location.inBucket(key)).ifNoneMatch("*"),
                    RequestBody.fromString("Modelyard looks whether this can be overwritten. Delete it."));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 409) {
                return false;
            }
            throw e;
        }
    }

    private void remove(String key) {
        try {
            client.deleteObject(request -> request.bucket(location.bucket()).key(location.inBucket(key)));
        } catch (SdkException e) {
            LOG.debug("The scratch object {} stays", key, e);
        }
    }

    static String whatToDo() {
        return "Use a server that honours it (docs/s3.md), or set modelyard.store.allow-unconditional-writes=true where only "
                + "one writer ever writes at a time";
    }
}
