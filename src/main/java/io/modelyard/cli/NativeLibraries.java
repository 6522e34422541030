package io.modelyard.cli;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps the native libraries of the engines from piling up. Each library has its own way of getting from its archive to
 * a file that can be loaded, and those that use the temporary folder remove the file at an orderly end only:
 * <ul>
 * <li>SQLite takes a folder by a system property: it gets the process's own, which the next start removes.
 * <li>XGBoost and ONNX Runtime take what the Java platform calls the temporary folder, which cannot be changed once it
 * runs. A file that is loaded is needed by its name no more, so where the operating system says what is loaded, the
 * name is removed a few seconds later, and no end of the process can leave it.
 * <li>TensorFlow's are kept in a cache from one process to the next ({@code ~/.javacpp/cache}), and are right there.
 * </ul>
 */
@Singleton
@Requires(os = Requires.Family.LINUX)
final class NativeLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final Path LOADED = Path.of("/proc/self/maps");
    /** As the libraries name what they extract; ONNX Runtime is ready when its second file is loaded. */
    private static final Pattern EXTRACTED = Pattern
            .compile("libxgboost4j[0-9]+\\.so|onnxruntime-java[0-9]+/libonnxruntime4j_jni\\.so");
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize();

    /** Directs what can be directed. To be called before any of it is used. */
    static void extractTo(Path folder) {
        System.setProperty("org.sqlite.tmpdir", folder.toString());
    }

    @Scheduled(initialDelay = "1s", fixedDelay = "5s")
    void removeLoaded() {
        try {
            for (Path file : loaded(Files.readString(LOADED), TEMPORARY)) {
                remove(file);
            }
        } catch (IOException e) {
            LOG.debug("What is loaded is not known, so extracted libraries stay until the end", e);
        }
    }

    /**
     * The extracted libraries among what is loaded.
     *
     * @param maps as {@code /proc/self/maps} has it: an address range, four more columns, and the path
     */
    static List<Path> loaded(String maps, Path temporary) {
        return maps.lines().map(line -> line.substring(Math.max(0, line.indexOf('/'))))
                .filter(path -> path.startsWith(temporary + "/")).distinct()
                .filter(path -> EXTRACTED.matcher(path.substring(temporary.toString().length() + 1)).matches())
                .map(Path::of).toList();
    }

    private static void remove(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null || folder.equals(TEMPORARY)) {
            Files.deleteIfExists(file);
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.deleteIfExists(each);
            }
        }
        Files.deleteIfExists(folder);
    }
}
