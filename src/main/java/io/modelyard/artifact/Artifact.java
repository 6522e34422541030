package io.modelyard.artifact;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The verified files of one version, which stay on disk until this is closed. */
public final class Artifact implements AutoCloseable {
    private final Path folder;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    Artifact(Path folder, Runnable release) {
        this.folder = folder;
        this.release = release;
    }

    /** Has the files under the paths of the manifest. To be read only: other versions may share them. */
    public Path folder() {
        return folder;
    }

    /** From any thread; later calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
