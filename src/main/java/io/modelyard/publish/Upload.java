package io.modelyard.publish;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Brings the files of one push to the store, several at a time. */
final class Upload {
    /** A large file is sent in several parts at a time as it is; this is for models of many files. */
    private static final int AT_ONCE = 4;

    private final ObjectStore store;
    private final Manifest manifest;
    private final OpenPush push;
    private final UploadProgress progress;
    private final AtomicBoolean failed = new AtomicBoolean();

    /** @param manifest names the push */
    Upload(ObjectStore store, Manifest manifest, OpenPush push, UploadProgress progress) {
        this.store = store;
        this.manifest = manifest;
        this.push = push;
        this.progress = progress;
    }

    /**
     * Returns when all files are there.
     *
     * @throws StoreException if one cannot be brought there; those that are there are known to the push
     */
    void run(ModelFiles files) {
        List<ArtifactFile> missing = manifest.files().stream().filter(file -> !push.isStored(file.path())).toList();
        long bytes = manifest.totalSize();
        progress.begins(manifest.files().size(), bytes,
                bytes - missing.stream().mapToLong(ArtifactFile::size).sum());
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<?>> pending = new ArrayList<>();
            missing.forEach(file -> pending.add(threads.submit(() -> send(file, files))));
            await(pending);
        }
        progress.ends();
    }

    private void send(ArtifactFile file, ModelFiles files) {
        if (failed.get()) {
            return;
        }
        boolean sent = false;
        try {
            // Nobody else writes under this push: a key that is taken was taken by an earlier try of this very file.
            store.create(manifest.filesPrefix() + file.path(), files.resolve(file.path()));
            push.stored(file.path());
            progress.stored(file.size());
            sent = true;
        } finally {
            failed.compareAndSet(false, !sent);
        }
    }

    private static void await(List<Future<?>> pending) {
        for (Future<?> each : pending) {
            try {
                each.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("interrupted while files were uploaded", e);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RuntimeException failure -> throw failure;
                    case Error error -> throw error;
                    case null, default -> throw new IllegalStateException("the upload failed", e.getCause());
                }
            }
        }
    }
}
