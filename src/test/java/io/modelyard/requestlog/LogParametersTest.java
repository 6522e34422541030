package io.modelyard.requestlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.model.Caller;
import io.modelyard.model.Role;
import io.modelyard.model.ServingFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Set;

final class LogParametersTest {
    private static final Caller CALLER = new Caller("k", Set.of(Role.LOGS), Set.of("penguins"));

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "ten", "", "1.5", "99999999999"})
    void aLimitThatMakesNoSenseIsABadParameter(String limit) {
        assertThatThrownBy(() -> limited(limit).rows(100)).isInstanceOf(ServingFailure.BadParameter.class)
                .hasMessage("n_limit is '" + limit + "'; it must be a number from 1 to 1000");
    }

    @Test
    void aLimitIsFrom1To1000AndMayBeLeftOut() {
        assertThat(limited("1").rows(100)).isEqualTo(1);
        assertThat(limited("1000").rows(100)).isEqualTo(1000);
        assertThat(limited(null).rows(100)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"good", "99", "600", ""})
    void aStatusThatMakesNoSenseIsABadParameter(String status) {
        LogParameters parameters = new LogParameters(null, null, null, status, null, null, null, null, null);
        assertThatThrownBy(() -> parameters.query(CALLER)).isInstanceOf(ServingFailure.BadParameter.class)
                .hasMessageContaining("status is '" + status + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-20", "2026-11-20T10:00:00", "+999999999-01-01T00:00:00Z", ""})
    void aTimeThatMakesNoSenseIsABadParameter(String time) {
        LogParameters parameters = new LogParameters(null, null, null, null, time, null, null, null, null);
        assertThatThrownBy(() -> parameters.query(CALLER)).isInstanceOf(ServingFailure.BadParameter.class)
                .hasMessageContaining("since is '" + time + "'");
    }

    @Test
    void aTimeMayHaveAnOffsetWhosePlusWasNotEscaped() {
        LogParameters parameters = new LogParameters(null, null, null, null, null, "2026-11-20T12:00:00 02:00", null,
                null, null);
        assertThat(parameters.query(CALLER).until()).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!", "", "MTIz", "YWJjIGRlZg"})
    void aCursorOfSomethingElseIsABadParameter(String cursor) {
        LogParameters parameters = new LogParameters(null, null, null, null, null, null, null, null, cursor);
        assertThatThrownBy(() -> parameters.query(CALLER)).isInstanceOf(ServingFailure.BadParameter.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void theTypesOfTheCallerAreThoseThatCount() {
        assertThat(limited(null).query(CALLER).visibleTypes()).containsExactly("penguins");
    }

    private static LogParameters limited(@Nullable String limit) {
        return new LogParameters(limit, null, null, null, null, null, null, null, null);
    }
}
