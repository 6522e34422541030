package io.modelyard.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

final class SpellingTest {
    private static final List<String> PENGUIN = List.of("bill_length_mm", "bill_depth_mm", "flipper_length_mm",
            "body_mass_g",
            "sex");

    @ParameterizedTest
    @CsvSource({"bill_lenght_mm,bill_length_mm", "billdepth_mm,bill_depth_mm", "Body_Mass_g,body_mass_g", "sec,sex",
            "s,sex",
            "flipper_length,flipper_length_mm"})
    void findsTheNearestName(String name, String meant) {
        assertThat(new Spelling().closest(name, PENGUIN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"island", "'bill'", "''", "a name of more than sixty-four letters is not compared with any of those"})
    void findsNothingFarAway(String name) {
        assertThat(new Spelling().closest(name, PENGUIN)).isEmpty();
    }

    @Test
    void takesTheFirstOfEquallyNearNames() {
        assertThat(new Spelling().closest("ab", List.of("ac", "aa"))).contains("ac");
    }

    @Test
    void givesUpAfterSomeTimeOfOneRequest() {
        String name = "x".repeat(50);
        List<String> far = Collections.nCopies(5000, "y".repeat(50));
        Spelling spelling = new Spelling();
        assertThat(spelling.closest(name, List.of(name + "z"))).isPresent();
        assertThat(spelling.closest(name, Stream.concat(far.stream(), Stream.of(name + "z")).toList())).isEmpty();
        assertThat(spelling.closest(name, List.of(name + "z"))).isEmpty();
    }
}
