package io.modelyard.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A fresh folder on local disk for one piece of work, removed with all in it when it is closed. */
record WorkFolder(Path path) implements AutoCloseable {
    /** @param prefix of its name, for whoever looks into the work directory */
    static WorkFolder create(Path workDirectory, String prefix) throws IOException {
        return new WorkFolder(
                Files.createTempDirectory(Files.createDirectories(workDirectory.toAbsolutePath()), prefix));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
