package io.modelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

import java.util.regex.Pattern;
import java.util.stream.Stream;

final class ModelIdTest {
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    @Property(seed = "2611")
    void namesAreWhatTheDesignSays(
            @ForAll @StringLength(max = 70) @CharRange(from = ' ', to = '~') String text) {
        assertThat(ModelId.isType(text)).isEqualTo(TYPE.matcher(text).matches());
        assertThat(ModelId.isVersion(text)).isEqualTo(VERSION.matcher(text).matches());
    }

    @Property(seed = "2611")
    void namesOfGoodCharactersAreJudgedByTheirFirstAndTheirLength(
            @ForAll @StringLength(max = 70) @CharRange(from = '-', to = '.') @CharRange(from = 'a', to = 'c') String text) {
        assertThat(ModelId.isType(text)).isEqualTo(TYPE.matcher(text).matches());
    }

    @Test
    void wordsOfTheApiAreNoVersions() {
        assertThatThrownBy(() -> new ModelId("digits", "latest")).hasMessageContaining("word of the API");
        assertThatThrownBy(() -> new ModelId("Digits", "1")).hasMessageContaining("'Digits'");
    }

    @Test
    void versionsAreInNaturalOrder() {
        assertThat(Stream.of("10", "9", "1.10", "1.9", "2026-11-20-ab", "1", "1a")
                .map(version -> new ModelId("t", version))
                .sorted().map(ModelId::version)).containsExactly("1", "1.9", "1.10", "1a", "9", "10", "2026-11-20-ab");
    }
}
