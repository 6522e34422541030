package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class OpenApiConfigurationTest {
    @Test
    void nonsenseIsRefusedWithItsName() {
        assertThat(new OpenApiConfiguration(0, 1).maxTypes()).isZero();
        assertThatThrownBy(() -> new OpenApiConfiguration(-1, 1)).hasMessageContaining("modelyard.openapi.max-types");
        assertThatThrownBy(() -> new OpenApiConfiguration(1, 0)).hasMessageContaining("modelyard.openapi.max-bytes");
    }
}
