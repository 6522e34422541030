package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What one process remembers of a push for the next. */
final class PushJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final Duration KEPT = Duration.ofHours(20);

    @TempDir
    Path folder;

    private Manifest manifest;

    @BeforeEach
    void describe() {
        manifest = Yard.manifest(new ModelId("a", "1"), Yard.source(folder.resolve("model"), 2, "x"));
    }

    @Test
    void goesOnWithTheSameFilesToTheSameStoreOnly() {
        OpenPush first = open(NOW, "store");
        assertThat(first.isRemembered()).isTrue();
        first.stored("parts/0");
        OpenPush second = open(NOW.plusSeconds(60), "store");
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.isStored("parts/0")).isTrue();
        assertThat(second.isStored("parts/1")).isFalse();
        assertThat(open(NOW, "another").id()).isNotEqualTo(first.id());
        Manifest other = Yard.manifest(new ModelId("a", "1"), Yard.source(folder.resolve("other"), 2, "y"));
        assertThat(journal(NOW).open("store", other).id()).isNotEqualTo(first.id());
        second.forget();
        assertThat(open(NOW, "store").id()).isNotEqualTo(first.id());
    }

    @Test
    void doesNotRelyOnFilesThatAServerMayRemove() {
        OpenPush first = open(NOW, "store");
        assertThat(open(NOW.plus(Duration.ofHours(19)), "store").id()).isEqualTo(first.id());
        assertThat(open(NOW.plus(Duration.ofHours(20)), "store").id()).isNotEqualTo(first.id());
        assertThat(open(NOW.minusSeconds(1), "another").id()).isNotEqualTo(first.id());
    }

    @Test
    void passesOverALineThatWasNotFinished() throws IOException {
        OpenPush first = open(NOW, "store");
        first.stored("parts/0");
        Files.writeString(file(), "parts/", StandardOpenOption.APPEND);
        OpenPush second = open(NOW, "store");
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.isStored("parts/0")).isTrue();
        assertThat(second.isStored("parts/")).isFalse();
        Files.writeString(file(), "nonsense\n");
        assertThat(open(NOW, "store").id()).isNotEqualTo(first.id());
    }

    @Test
    void doesWithoutAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        OpenPush push = new PushJournal(file, KEPT, Clock.systemUTC()).open("store", manifest);
        push.stored("parts/0");
        assertThat(push.isStored("parts/0")).isTrue();
        push.forget();
    }

    private OpenPush open(Instant now, String store) {
        return journal(now).open(store, manifest);
    }

    private PushJournal journal(Instant now) {
        return new PushJournal(folder.resolve("pushes"), KEPT, Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("pushes"))) {
            return files.findFirst().orElseThrow();
        }
    }
}
