package io.modelyard.publish;

import io.micronaut.context.annotation.Property;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.PurgeConfiguration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Remembers on this machine what pushes have brought to the store, so that the same push of the same files goes on where it
 * broke off, without a right to read the store. One small file for each push: its id and when it began, then a line for
 * each file that is there. Safe for use by many threads and processes.
 */
@Singleton
public final class PushJournal {
    private static final Logger LOG = LoggerFactory.getLogger(PushJournal.class);
    private static final String ENDING = ".push";

    private final Path folder;
    private final Duration kept;
    private final Clock clock;

    private record Begun(String id, Instant at) {}

    /**
     * @param folder need not exist, and need not be writable: then nothing is remembered; null for the user's cache
     * @param purge says when servers remove files that belong to no version: well before, they are not relied upon
     */
    @Inject
    PushJournal(@Nullable @Property(name = "modelyard.publish.journal-directory") Path folder, PurgeConfiguration purge,
            Clock clock) {
        this(folder == null ? usersFolder() : folder, purge.abandonedAfter().multipliedBy(5).dividedBy(6), clock);
    }

    /** @param kept how long it is relied upon that what is in the store stays there */
    PushJournal(Path folder, Duration kept, Clock clock) {
        this.folder = folder;
        this.kept = kept;
        this.clock = clock;
    }

    private static Path usersFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path folder = cache == null || cache.isEmpty()
                ? Path.of(System.getProperty("user.home", ""), ".cache")
                : Path.of(cache);
        return folder.resolve("modelyard").resolve("pushes");
    }

    /** The push of these files as this version to that store: the one that broke off, if there is one, or a fresh one. */
    OpenPush open(String store, Manifest manifest) {
        Path file = folder.resolve(name(store, manifest) + ENDING);
        Optional<OpenPush> earlier = read(file);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        String id = PushId.fresh();
        try {
            Files.createDirectories(folder);
            removeOld();
            Files.deleteIfExists(file);
            OpenPush.append(file, id + " " + clock.instant());
        } catch (IOException e) {
            LOG.debug("Pushes cannot be remembered in {}", folder, e);
        }
        return new OpenPush(id, file, Set.of());
    }

    private Optional<OpenPush> read(Path file) {
        try {
            String text = Files.readString(file);
            // What is after the last line break was being written when the process died.
            List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            Optional<Begun> begun = lines.isEmpty() ? Optional.empty() : begun(lines.getFirst());
            return begun.filter(push -> isYoung(push.at())).map(push -> new OpenPush(push.id(), file,
                    new HashSet<>(lines.subList(1, lines.size()))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
            return Optional.empty();
        }
    }

    private static Optional<Begun> begun(String line) {
        String[] words = line.split(" ", 2);
        try {
            return words.length == 2 && PushId.isPushId(words[0])
                    ? Optional.of(new Begun(words[0], Instant.parse(words[1])))
                    : Optional.empty();
        } catch (DateTimeParseException damaged) {
            return Optional.empty();
        }
    }

    private boolean isYoung(Instant begun) {
        Duration age = Duration.between(begun, clock.instant());
        return !age.isNegative() && age.compareTo(kept) < 0;
    }

    private void removeOld() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(ENDING)).toList()) {
                if (!isYoung(Files.getLastModifiedTime(file).toInstant())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** The same only for the same bytes under the same paths. */
    private static String name(String store, Manifest manifest) {
        StringBuilder text = new StringBuilder(store).append('\n').append(manifest.id()).append('\n');
        for (ArtifactFile file : manifest.files()) {
            text.append(file.sha256()).append(' ').append(file.size()).append(' ').append(file.path()).append('\n');
        }
        return DocumentFormat.digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
