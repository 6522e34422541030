package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class ModelNamesTest {
    @Test
    void typesAreCalledAsClassesAre() {
        ModelNames names = new ModelNames(List.of());
        assertThat(names.of("breast-cancer")).isEqualTo("BreastCancer");
        assertThat(names.of("a.b_c-d")).isEqualTo("ABCD");
        assertThat(names.of("2024-prices")).isEqualTo("Type2024Prices");
    }

    @Test
    void noNameIsThereTwice() {
        ModelNames names = new ModelNames(List.of("PredictionRequest", "predictBatch"));
        assertThat(names.of("a-b")).isEqualTo("AB");
        assertThat(names.of("a.b")).startsWith("AB").isNotEqualTo("AB");
        assertThat(names.of("prediction")).startsWith("Prediction").isNotEqualTo("Prediction");
        assertThat(names.of("batch")).startsWith("Batch").isNotEqualTo("Batch");
        assertThat(names.of("one")).isEqualTo("One");
        assertThat(new ModelNames(List.of()).of("a.b")).isEqualTo("AB");
    }
}
