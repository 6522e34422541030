package io.modelyard.trial;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folders of children below the work directory. */
final class ChildFolders {
    private static final Logger LOG = LoggerFactory.getLogger(ChildFolders.class);
    /** No trial takes so long: who left a folder behind lives no more. */
    private static final Duration OLD = Duration.ofDays(1);

    private ChildFolders() {}

    /** Removed with all in it when it is closed. */
    record Folder(ChildFolder files) implements AutoCloseable {
        @Override
        public void close() {
            remove(files.path());
        }
    }

    /** A fresh folder; those that processes left that were killed are removed. */
    static Folder create(Path workDirectory) throws IOException {
        Path work = Files.createDirectories(workDirectory.toAbsolutePath().normalize());
        removeOld(work);
        ChildFolder files = new ChildFolder(Files.createTempDirectory(work, "trial-"));
        Files.createDirectory(files.temporary());
        return new Folder(files);
    }

    private static void removeOld(Path work) throws IOException {
        Instant oldest = Instant.now().minus(OLD);
        List<Path> folders;
        try (Stream<Path> children = Files.list(work)) {
            folders = children.toList();
        }
        for (Path folder : folders) {
            if (Files.getLastModifiedTime(folder).toInstant().isBefore(oldest)) {
                remove(folder);
            }
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("{} of a trial could not be removed: {}", folder, e.toString());
        }
    }
}
