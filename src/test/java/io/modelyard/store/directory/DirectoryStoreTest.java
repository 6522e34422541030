package io.modelyard.store.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Changed;
import io.modelyard.store.ObjectStore.Entry;
import io.modelyard.store.ObjectStore.Opening;
import io.modelyard.store.ObjectStoreContract;
import io.modelyard.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A folder keeps the contract, and stays a folder that people put files into. */
final class DirectoryStoreTest extends ObjectStoreContract {
    @TempDir
    private Path temporary;

    @Override
    protected ObjectStore emptyStore() throws IOException {
        return new DirectoryStore(Files.createTempDirectory(temporary, "store").resolve("made/by/the store"));
    }

    private Path root() {
        return Path.of(store().location());
    }

    @Test
    void seesFilesPutThereByHandAndEveryEditOfThem() throws IOException {
        Path file = root().resolve("registry/t/1.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "aaaa");
        FileTime written = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, written);
        String before = store().list("registry/").getFirst().etag();

        for (String edit : List.of("bbbb", "cccc", "dddd")) {
            Files.writeString(file, edit);
            Files.setLastModifiedTime(file, written);
            String after = store().list("registry/").getFirst().etag();
            assertThat(after).isNotEqualTo(before);
            assertThat(store().getIfChanged("registry/t/1.json", before)).isInstanceOf(Changed.Found.class);
            before = after;
        }
    }

    @Test
    void seesAnEditThatKeepsSizeAndTimesOfAFileKnownForLong() throws IOException {
        Path root = temporary.resolve("known");
        // Seen from an hour ahead every file is long settled, so its hash is remembered.
        DirectoryStore store = new DirectoryStore(root, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)));
        Path file = Files.writeString(root.resolve("doc"), "aaaa");
        FileTime modified = Files.getLastModifiedTime(file);
        Instant changed = FileStat.of(file).changed();
        String before = store.list("").getFirst().etag();
        assertThat(store.list("").getFirst().etag()).isEqualTo(before);

        do {
            Files.writeString(file, "bbbb");
            Files.setLastModifiedTime(file, modified);
        } while (FileStat.of(file).changed().equals(changed));

        assertThat(store.list("").getFirst().etag()).isNotEqualTo(before);
    }

    @Test
    void hiddenFilesAndUnfinishedWritesAreNotObjects() throws IOException {
        store().create("registry/t/1.json", "x".getBytes(UTF_8));
        Files.writeString(root().resolve("registry/t/.1.json.swp"), "x");
        Files.writeString(root().resolve(".hidden"), "x");
        Files.createDirectories(root().resolve(".git/objects"));
        Files.writeString(root().resolve(".git/objects/a"), "x");
        Files.createDirectories(root().resolve(Incoming.NAME));
        Files.writeString(root().resolve(Incoming.NAME).resolve("half"), "x");

        assertThat(store().list("")).extracting(Entry::key).containsExactly("registry/t/1.json");
    }

    @Test
    void leavesNoUnfinishedWritesBehind() throws IOException {
        store().create("a", "1".getBytes(UTF_8));
        store().create("a", "2".getBytes(UTF_8));
        store().put("a", "3".getBytes(UTF_8));
        assertThatThrownBy(() -> store().create("a/b", "4".getBytes(UTF_8))).isInstanceOf(StoreException.class);

        try (var files = Files.list(root().resolve(Incoming.NAME))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void removesAtStartWhatAnEarlierProcessLeftLongAgo() throws IOException {
        Path incoming = Files.createDirectories(root().resolve(Incoming.NAME));
        Path old = Files.writeString(incoming.resolve("old"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path young = Files.writeString(incoming.resolve("young"), "x");

        ObjectStore reopened = new DirectoryStore(root());

        assertThat(reopened.location()).isEqualTo(store().location());
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void followsNoLinkInsideTheFolder() throws IOException {
        Path outside = Files.createDirectories(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "x");
        Files.createSymbolicLink(root().resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(root().resolve("folder"), outside);

        assertThat(store().list("")).isEmpty();
        assertThat(store().list("folder/")).isEmpty();
        assertThat(store().get("file")).isEmpty();
        assertThat(store().get("folder/secret")).isEmpty();
        assertThat(store().open("folder/secret", 0, null)).isEqualTo(new Opening.Absent());
        assertThatThrownBy(() -> store().create("folder/new", new byte[0])).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().put("folder/new", new byte[0])).isInstanceOf(StoreException.class);
        store().delete("folder/secret");
        assertThat(outside).isDirectoryContaining(file -> file.endsWith("secret"))
                .isDirectoryNotContaining(file -> file.endsWith("new"));
    }

    @Test
    void theFolderItselfMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), root());
        ObjectStore linked = new DirectoryStore(link);

        linked.create("a", "x".getBytes(UTF_8));

        assertThat(store().list("")).extracting(Entry::key).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", "a/./b", ".incoming/x", "a/.b",
            "a\\b",
            "a\nb", "a\u0000b"})
    void refusesKeysThatAreNone(String key) {
        assertThatThrownBy(() -> store().create(key, new byte[0])).isInstanceOf(StoreException.class)
                .hasMessageContaining("is not a key");
        assertThatThrownBy(() -> store().get(key)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().put(key, new byte[0])).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().delete(key)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().open(key, 0, null)).isInstanceOf(StoreException.class);
    }

    @Test
    void refusesPrefixesThatLeadOutOfTheFolder() {
        assertThatThrownBy(() -> store().list("../")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().list("/")).isInstanceOf(StoreException.class);
    }

    @Test
    void aKeyCannotBeAFolderToo() {
        store().create("a/b", "x".getBytes(UTF_8));

        assertThatThrownBy(() -> store().create("a", new byte[0])).isInstanceOf(StoreException.class)
                .hasMessageContaining("'a'");
        assertThatThrownBy(() -> store().create("a/b/c", new byte[0])).isInstanceOf(StoreException.class);
        assertThat(store().get("a")).isEmpty();
        assertThat(store().get("a/b/c")).isEmpty();
        assertThat(store().list("a/b/")).isEmpty();
    }

    @Test
    void aFolderThatIsGoneIsNotAnEmptyStore() throws IOException {
        Files.deleteIfExists(root().resolve(Incoming.NAME));
        Files.delete(root());

        assertThatThrownBy(() -> store().list("registry/")).isInstanceOf(StoreException.class)
                .hasMessageContaining(store().location());
        assertThatThrownBy(() -> store().get("generation")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().getIfChanged("generation", "x")).isInstanceOf(StoreException.class);
    }

    @Test
    void saysWhatIsWrongWithARootThatIsAFile() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> new DirectoryStore(file)).isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("modelyard.store.uri");
    }

    @Test
    void saysThatItMayNotWrite() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
        store().create("registry/t/1.json", "x".getBytes(UTF_8));
        Files.setPosixFilePermissions(root().resolve("registry/t"), PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThatThrownBy(() -> store().create("registry/t/2.json", new byte[0]))
                .isInstanceOf(StoreException.class).hasMessageContaining("permission denied");
        assertThat(store().list("registry/")).hasSize(1);
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() {
        for (String key : List.of("x\uD83D\uDE00", "x\uFF5E", "xz", "x")) {
            store().create(key, new byte[0]);
        }

        assertThat(store().list("")).extracting(Entry::key).containsExactly("x", "xz", "x\uFF5E", "x\uD83D\uDE00");
    }

    @Test
    void clearsAwayTheFoldersThatADeletionEmpties() {
        store().create("models/t/1/push/model.bin", new byte[0]);

        store().delete("models/t/1/push/model.bin");

        assertThat(root().resolve("models/t")).doesNotExist();
        assertThat(root().resolve("models")).isDirectory();
    }
}
