package io.modelyard;

import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of shared fixtures and data sets, named by the property or environment variable MODELYARD_SHARED. */
public final class Shared {
    private Shared() {}

    /** A path in the shared folder; the test is skipped, and says so, where there is none. */
    public static Path path(String relative) {
        String folder = System.getProperty("MODELYARD_SHARED", System.getenv("MODELYARD_SHARED"));
        Assumptions.assumeTrue(folder != null && Files.isDirectory(Path.of(folder)),
                "MODELYARD_SHARED names no folder of shared fixtures");
        return Path.of(folder).resolve(relative);
    }
}
