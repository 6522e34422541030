package io.modelyard.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";

    @Test
    void isReadAsTheStandardSays() {
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-01")).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-00")).isEqualTo(new TraceParent(TRACE, SPAN, false));
        assertThat(TraceParent.of("00-" + TRACE + "-" + SPAN + "-02")).isEqualTo(new TraceParent(TRACE, SPAN, false));
    }

    @Test
    void aLaterVersionMaySayMore() {
        assertThat(TraceParent.of("01-" + TRACE + "-" + SPAN + "-01-more"))
                .isEqualTo(new TraceParent(TRACE, SPAN, true));
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(TraceParent.of(TraceParent.header(TRACE, SPAN, true))).isEqualTo(new TraceParent(TRACE, SPAN, true));
        assertThat(TraceParent.of(TraceParent.header(TRACE, SPAN, false)))
                .isEqualTo(new TraceParent(TRACE, SPAN, false));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"})
    void whatIsNotWellFormedCountsAsAbsent(String header) {
        assertThat(TraceParent.of(header)).isNull();
    }
}
