package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

/** What a page says that commands print is held against what they print. */
final class LooseAnswersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            {"a": 1}                 | {"a": 2.5}
                                            {"a": "…", "b": …}       | {"a": "x", "b": {"c": 1}}
                                            {"a": 1, …}              | {"a": 1, "b": 2}
                                            {…}                      | {"a": 1}
                                            {…, "a": 1}              | {"a": 1, "b": 2}
                                            [1, 2, …]                | [1, 2, 3, 4]
                                            ["churn/…"]              | ["churn/7"]
                                            {"at": "2026-11-21T15:03:12Z"} | {"at": "2027-01-01T00:00:00.123Z"}
                                            {"a": [{"b": …}, …]}     | {"a": [{"b": null}]}
                                            """)
    void agree(String said, String seen) throws JsonProcessingException {
        assertThat(json(said, seen)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            {"a": 1}                 | {"a": "1"}          | /a:
                                            {"a": 1}                 | {"a": 1, "b": 2}    | /b: the answer has
                                            {"a": 1, "b": …}         | {"a": 1}            | /b: the page has
                                            {"a": {"b": true}}       | {"a": {"b": false}} | /a/b: the page says true
                                            ["x"]                    | ["y"]               | /0: the page says
                                            [1]                      | [1, 2]              | the answer has 2
                                            [1, 2]                   | [1]                 | the page has more
                                            """)
    void differ(String said, String seen, String place) throws JsonProcessingException {
        assertThat(json(said, seen)).hasValueSatisfying(text -> assertThat(text).contains(place));
    }

    @Test
    void aBlockMayHoldSeveralDocuments() throws JsonProcessingException {
        assertThat(LooseJson.read("{\"a\": […]}\n{\"b\": \"…\"}")).hasSize(2);
    }

    @Test
    void linesOfTextMayDifferInNumbersAndSpace() {
        assertThat(LooseText.difference("uploading 1 file, 19.4 kB\n…\ndone", "uploading 2 file,   7 kB\nx\ny\ndone\n"))
                .isEmpty();
        assertThat(LooseText.difference("digest 9fd…", "digest 9fd00e")).isEmpty();
        assertThat(LooseText.difference("first\n…", "first\nall the rest")).isEmpty();
    }

    @Test
    void tellsWhichLineIsOtherwise() {
        assertThat(LooseText.difference("one\ntwo", "one\nthree")).hasValueSatisfying(
                text -> assertThat(text).contains("two", "three"));
        assertThat(LooseText.difference("one", "one\ntwo"))
                .hasValueSatisfying(text -> assertThat(text).contains("two"));
        assertThat(LooseText.difference("one\ntwo", "one"))
                .hasValueSatisfying(text -> assertThat(text).contains("two"));
    }

    @Test
    void aTranscriptHasWhatEachCommandPrinted() {
        Transcript transcript = Transcript.of("$ first \\\n    more\n$ second\nout 1\nout 2\n");
        assertThat(transcript.commands()).containsExactly("first \\\n    more", "second");
        assertThat(transcript.difference(List.of("", "out 3\nout 4\n"))).isEmpty();
        assertThat(transcript.difference(List.of("a surprise", "out 3\nout 4\n"))).hasValueSatisfying(
                text -> assertThat(text).contains("first", "a surprise"));
    }

    private static Optional<String> json(String said, String seen) throws JsonProcessingException {
        return LooseJson.difference(LooseJson.read(said).getFirst(), LooseJson.read(seen).getFirst());
    }
}
