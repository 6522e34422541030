package io.modelyard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The sample models of the project, in a store of the test's own. */
public final class SampleModels {
    private SampleModels() {}

    /** Copies what is published in {@code models-local/} into {@code folder}, and returns it. */
    public static Path copyTo(Path folder) {
        Path source = Path.of("models-local");
        for (String part : new String[]{"registry", "models"}) {
            try (Stream<Path> all = Files.walk(source.resolve(part))) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve(source.relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }
}
