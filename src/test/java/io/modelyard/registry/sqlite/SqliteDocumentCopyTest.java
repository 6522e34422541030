package io.modelyard.registry.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelyard.registry.DocumentCopy.Kept;
import io.modelyard.store.ObjectStore.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class SqliteDocumentCopyTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123Z");
    private static final String STORE = "s3://bucket/prefix";

    @TempDir
    private Path folder;
    private final List<SqliteDocumentCopy> open = new ArrayList<>();

    private Path file() {
        return folder.resolve("data/registry.db");
    }

    private SqliteDocumentCopy open() {
        SqliteDocumentCopy copy = new SqliteDocumentCopy(file());
        open.add(copy);
        return copy;
    }

    @AfterEach
    void close() {
        open.forEach(SqliteDocumentCopy::close);
    }

    private static Content content(String text) {
        return new Content(text.getBytes(UTF_8), "etag-of-" + text);
    }

    private SqliteDocumentCopy filled() {
        SqliteDocumentCopy copy = open();
        assertThat(copy.load(STORE)).isEmpty();
        copy.save(Map.of("registry/a/1.json", content("one"), "registry/a/2.json", content("two")), List.of(), AT);
        return copy;
    }

    @Test
    void givesBackWhatWasKept() {
        filled().save(Map.of("registry/a/2.json", content("two again"), "registry/a/3.json", content("three")),
                List.of("registry/a/1.json", "registry/never/1.json"), AT.plusSeconds(1));

        Kept kept = open().load(STORE).orElseThrow();
        assertThat(kept.syncedAt()).isEqualTo(AT.plusSeconds(1));
        assertThat(kept.documents()).containsOnlyKeys("registry/a/2.json", "registry/a/3.json");
        kept.documents().forEach((key, kind) -> assertThat(new String(kind.bytes(), UTF_8) + " " + kind.etag())
                .isEqualTo(key.endsWith("2.json") ? "two again etag-of-two again" : "three etag-of-three"));
    }

    @Test
    void anEmptyStoreIsNotAnUnknownOne() {
        SqliteDocumentCopy copy = open();
        assertThat(copy.load(STORE)).isEmpty();
        copy.save(Map.of(), List.of(), AT);

        assertThat(open().load(STORE)).hasValueSatisfying(kept -> assertThat(kept.documents()).isEmpty());
    }

    @Test
    void knowsNothingOfAnotherStore() {
        filled();

        assertThat(open().load("s3://other")).isEmpty();
        assertThat(open().load(STORE)).isEmpty();
    }

    @Test
    void beginsAnewWhereTheFileIsDamaged() throws IOException {
        filled().close();
        Files.writeString(file(), "this is no database".repeat(500));
        Files.deleteIfExists(Path.of(file() + "-wal"));

        SqliteDocumentCopy copy = open();
        assertThat(copy.load(STORE)).isEmpty();
        copy.save(Map.of("registry/a/9.json", content("nine")), List.of(), AT);
        copy.close();
        assertThat(open().load(STORE).orElseThrow().documents()).containsOnlyKeys("registry/a/9.json");
    }

    @Test
    void goesOnWhereItCannotWrite() throws IOException {
        Files.writeString(folder.resolve("data"), "a file where the folder should be");
        SqliteDocumentCopy copy = open();

        assertThat(copy.load(STORE)).isEmpty();
        copy.save(Map.of("registry/a/1.json", content("one")), List.of(), AT);
        copy.save(Map.of("registry/a/2.json", content("two")), List.of(), AT);
        Files.delete(folder.resolve("data"));
        copy.save(Map.of("registry/a/3.json", content("three")), List.of(), AT);

        assertThat(open().load(STORE).orElseThrow().documents()).containsOnlyKeys("registry/a/3.json");
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
        filled();

        try (var files = Files.list(file().getParent())) {
            assertThat(files).isNotEmpty().allSatisfy(each -> assertThat(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(each))).isEqualTo("rw-------"));
        }
    }
}
