package io.modelyard.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.SettableClock;
import io.modelyard.publish.DroppedModels.Refused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Models that somebody copies into the store's folder. */
final class DroppedModelsTest {
    private static final Duration SETTLE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private PublishHouse house;
    private DroppedModels dropped;

    @BeforeEach
    void open() {
        house = new PublishHouse(folder);
        dropped = house.dropped(clock, SETTLE);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void publishesAFileWhereItLiesOnceItHasSettled() {
        drop("xgboost-digits/model.ubj", "digits/1/model.ubj");
        dropped.look();
        clock.advance(SETTLE.minusMillis(1));
        dropped.look();
        assertThat(house.hasPublished("digits/1")).isFalse();
        clock.advance(Duration.ofMillis(1));
        dropped.look();
        assertThat(house.published("digits/1").push()).isNull();
        assertThat(house.published("digits/1").filesPrefix()).isEqualTo("models/digits/1/");
        assertThat(house.files("models")).containsExactly("models/digits/1/model.ubj");
        assertThat(dropped.refused()).isEmpty();
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }

    @Test
    void waitsAsLongAsAFileGrows() throws IOException {
        byte[] model = Files.readAllBytes(PublishHouse.fixture("xgboost-digits/model.ubj"));
        Path file = house.store().resolve("models/digits/1/model.ubj");
        Files.createDirectories(file.resolveSibling(""));
        for (int part = 1; part <= 4; part++) {
            Files.write(file, Arrays.copyOf(model, model.length / 4 * part));
            settle(Duration.ofSeconds(2));
            assertThat(house.hasPublished("digits/1")).isFalse();
            assertThat(dropped.refused()).isEmpty();
        }
        Files.write(file, model);
        settle(Duration.ofSeconds(2));
        settle(Duration.ofSeconds(2));
        settle(Duration.ofSeconds(2));
        assertThat(house.hasPublished("digits/1")).isTrue();
    }

    @Test
    void saysWhatAnUnfinishedFolderLacksAndPublishesItWhenItIsWhole() {
        Path saved = PublishHouse.fixture("tensorflow-digits-mlp/saved_model");
        drop("tensorflow-digits-mlp/saved_model/saved_model.pb", "digits/2/saved_model.pb");
        lookTwice();
        assertThat(dropped.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.path()).isEqualTo("models/digits/2");
            assertThat(refused.reason()).contains("variables");
        });
        PublishHouse.copy(saved, house.store().resolve("models/digits/2"));
        lookTwice();
        assertThat(house.hasPublished("digits/2")).isTrue();
        assertThat(dropped.refused()).isEmpty();
        assertThat(house.published("digits/2").files()).hasSize(3);
    }

    @Test
    void refusesAPickleOnceWithTheLinesThatConvertItAndLeavesItThere() {
        PublishHouse.write(house.store().resolve("models/churn/1/model.pkl"), "\u0080\u0004csklearn.linear_model\n");
        lookTwice();
        List<Refused> first = dropped.refused();
        assertThat(first).singleElement().satisfies(refused -> assertThat(refused.reason()).contains("skl2onnx",
                house.store().resolve("models/churn/1/model.pkl").toString()));
        lookTwice();
        assertThat(dropped.refused()).isEqualTo(first);
        assertThat(house.files("")).contains("models/churn/1/model.pkl");
    }

    @Test
    void refusesNamesThatAreNoneAndFilesThatLieInNoVersion() {
        drop("xgboost-digits/model.ubj", "digits/latest/model.ubj");
        drop("xgboost-digits/model.ubj", "Digits/1/model.ubj");
        drop("xgboost-digits/model.ubj", "digits/model.ubj");
        PublishHouse.write(house.store().resolve("models/digits/README.md"), "Digits.");
        lookTwice();
        assertThat(dropped.refused()).extracting(Refused::path).containsExactly("models/Digits/1",
                "models/digits/latest", "models/digits/model.ubj");
        assertThat(dropped.refused()).extracting(Refused::reason).satisfiesExactly(
                type -> assertThat(type).contains("'Digits' is not the name of a type"),
                version -> assertThat(version).contains("'latest' cannot be a version"),
                place -> assertThat(place).contains("models/digits/1/"));
        assertThat(house.files("registry")).isEmpty();
    }

    @Test
    void takesAPushThatIsUnderWayForNoDrop() {
        drop("xgboost-digits/model.ubj", "digits/1/" + PushId.fresh() + "/model.ubj");
        lookTwice();
        assertThat(house.files("registry")).isEmpty();
        assertThat(dropped.refused()).isEmpty();
    }

    @Test
    void leavesPublishedVersionsAloneWhateverIsDroppedOntoThem() {
        drop("xgboost-digits/model.ubj", "digits/1/model.ubj");
        lookTwice();
        var manifest = house.published("digits/1");
        drop("xgboost-wine-v34/model.ubj", "digits/1/other.ubj");
        lookTwice();
        assertThat(house.published("digits/1")).isEqualTo(manifest);
        assertThat(dropped.refused()).isEmpty();
    }

    @Test
    void makesTheHigherOfTwoVersionsTheLater() {
        drop("xgboost-digits/model.ubj", "digits/10/model.ubj");
        drop("xgboost-digits/model.ubj", "digits/9/model.ubj");
        DroppedModels models = house.dropped(Clock.systemUTC(), Duration.ZERO);
        models.look();
        models.look();
        assertThat(house.published("digits/10").createdAt()).isAfter(house.published("digits/9").createdAt());
    }

    @Test
    void forgetsARefusalWhenTheFilesAreTakenAway() throws IOException {
        PublishHouse.write(house.store().resolve("models/churn/1/model.ubj"), "not a model");
        lookTwice();
        assertThat(dropped.refused()).hasSize(1);
        Files.delete(house.store().resolve("models/churn/1/model.ubj"));
        dropped.look();
        assertThat(dropped.refused()).isEmpty();
    }

    private void drop(String fixture, String place) {
        PublishHouse.copy(PublishHouse.fixture(fixture), house.store().resolve("models").resolve(place));
    }

    private void settle(Duration duration) {
        clock.advance(duration);
        dropped.look();
    }

    private void lookTwice() {
        dropped.look();
        settle(SETTLE);
    }
}
