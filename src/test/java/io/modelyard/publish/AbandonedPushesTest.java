package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.SettableClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** Files that were pushed and that no manifest names. */
final class AbandonedPushesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String PUSH = "01a1fd1d-0000-7000-8000-000000000001";
    private static final String OTHER = "01a1fd1d-0000-7000-8000-000000000002";

    @TempDir
    private Path folder;
    private PublishHouse house;
    private AbandonedPushes pushes;

    @BeforeEach
    void open() {
        house = new PublishHouse(folder);
        pushes = house.abandonedPushes(new SettableClock(NOW));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void areRemovedWhenTheNewestIsADayOld() {
        put("t/1/" + PUSH + "/a", Duration.ofDays(3));
        put("t/1/" + PUSH + "/deep/b", Duration.ofDays(1));
        put("t/1/" + OTHER + "/a", Duration.ofDays(3));
        put("t/1/" + OTHER + "/z", Duration.ofDays(1).minusSeconds(1));
        pushes.sweep();

        assertThat(house.files("models")).containsExactly("models/t/1/" + OTHER + "/a",
                "models/t/1/" + OTHER + "/z");
    }

    @Test
    void whatAPersonPutThereStays() {
        put("t/1/model.ubj", Duration.ofDays(30));
        put("t/1/variables/variables.index", Duration.ofDays(30));
        put("t/1/my-push/model.ubj", Duration.ofDays(30));
        put("T/1/" + PUSH + "/model.ubj", Duration.ofDays(30));
        put(PUSH + "/model.ubj", Duration.ofDays(30));
        put("t/" + PUSH + "/model.ubj", Duration.ofDays(30));
        pushes.sweep();

        assertThat(house.files("models")).hasSize(6);
    }

    @Test
    void thePushThatAManifestNamesStaysAndTheOneThatLostGoes() {
        put("t/1/" + PUSH + "/model.ubj", Duration.ofDays(30));
        put("t/1/" + OTHER + "/model.ubj", Duration.ofDays(30));
        manifest("1", PUSH, "model.ubj");
        pushes.sweep();
        assertThat(house.files("models")).containsExactly("models/t/1/" + PUSH + "/model.ubj");

        house.registry().sync();
        pushes.sweep();
        assertThat(house.files("models")).hasSize(1);
    }

    @Test
    void aFolderOfAModelThatLooksLikeAPushStays() {
        put("t/1/" + PUSH + "/model.ubj", Duration.ofDays(30));
        manifest("1", null, PUSH + "/model.ubj");
        pushes.sweep();
        house.registry().sync();
        pushes.sweep();

        assertThat(house.files("models")).hasSize(1);
    }

    @Test
    void filesStayWhereTheManifestCannotBeRead() {
        put("t/1/" + PUSH + "/model.ubj", Duration.ofDays(30));
        PublishHouse.write(house.store().resolve("registry/t/1.json"), "{");
        pushes.sweep();

        assertThat(house.files("models")).hasSize(1);
    }

    @Test
    void aPushThatSpansPagesIsJudgedAsAWhole() {
        for (int i = 0; i < 1500; i++) {
            put("t/1/%s/%05d".formatted(PUSH, i), i == 3 ? Duration.ofMinutes(1) : Duration.ofDays(2));
            put("t/2/%s/%05d".formatted(PUSH, i), Duration.ofDays(2));
        }
        pushes.sweep();

        assertThat(house.files("models")).hasSize(1500).allMatch(file -> file.startsWith("models/t/1/"));
    }

    private void put(String path, Duration age) {
        Path file = house.store().resolve("models").resolve(path);
        PublishHouse.write(file, "x");
        try {
            Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void manifest(String version, @Nullable String push, String path) {
        PublishHouse.write(house.store().resolve("registry/t/" + version + ".json"),
                """
                {"schema_version": 1, "type": "t", "version": "%s", "runtime": "xgboost", %s
                 "files": [{"path": "%s", "size": 1, "sha256": "%s"}], "created_at": "2026-11-20T10:00:00Z"}
                """.formatted(version, push == null ? "" : "\"push\": \"" + push + "\",", path, "a".repeat(64)));
    }
}
