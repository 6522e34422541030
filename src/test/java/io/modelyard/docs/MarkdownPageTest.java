package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.docs.MarkdownPage.Snippet;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class MarkdownPageTest {
    private static final String PAGE = """
                                       # Title

                                       ```sh
                                       echo one
                                       ```

                                       ```text
                                       one
                                       ```

                                       Text.

                                       <!-- not run: needs Docker,
                                       and time -->
                                       ```sh
                                       docker ps
                                       ```

                                       ```json
                                       {"of": "nothing"}
                                       ```

                                       1. In a list:

                                          <!-- starts the server -->
                                          ```sh
                                          serve
                                            it
                                          ```
                                          Not an answer:
                                          ```json
                                          {}
                                          ```
                                       """;

    private final MarkdownPage page = MarkdownPage.parse("a.md", PAGE);

    @Test
    void findsCommandsWithWhatTheyPrint() {
        Snippet first = page.snippets().getFirst();
        assertThat(first.commands().text()).isEqualTo("echo one\n");
        assertThat(first.commands().place()).isEqualTo("a.md:4");
        assertThat(first.answer().map(Fence::text)).contains("one\n");
        assertThat(page.snippets()).hasSize(3);
    }

    @Test
    void readsTheCommentBeforeABlock() {
        Fence docker = page.snippets().get(1).commands();
        assertThat(docker.whyNotRun()).contains("needs Docker, and time");
        Fence server = page.snippets().get(2).commands();
        assertThat(server.startsServer()).isTrue();
        assertThat(server.text()).isEqualTo("serve\n  it\n");
    }

    @Test
    void takesNoBlockBehindTextForAnAnswer() {
        assertThat(page.snippets().get(2).answer()).isEmpty();
    }

    @Test
    void aBlockFurtherDownCanSayThatItIsTheAnswer() {
        MarkdownPage said = MarkdownPage.parse("a.md",
                "```sh\ncurl\n```\nIt answers\n<!-- answer -->\n```json\n{}\n```\n");
        assertThat(said.snippets().getFirst().answer()).isPresent();
    }

    @Test
    void tellsOfAMarkThatIsMisspelt() {
        List<Fence> fences = MarkdownPage.parse("a.md", """
                                                        <!-- not run -->
                                                        ```sh
                                                        a
                                                        ```
                                                        <!-- exits with a bang -->
                                                        ```sh
                                                        b
                                                        ```
                                                        <!-- exits with 22 -->
                                                        ```sh
                                                        c
                                                        ```
                                                        <!-- a comment -->
                                                        ```sh
                                                        d
                                                        ```
                                                        """).fences();
        assertThat(fences.stream().map(Fence::markProblem).map(Optional::isPresent)).containsExactly(true, true, false,
                false);
        assertThat(fences.get(2).exit()).isEqualTo(22);
    }

    @Test
    void aBlockWithoutAnEndIsToldWithItsPlace() {
        assertThatThrownBy(() -> MarkdownPage.parse("a.md", "\n```sh\nls\n")).hasMessageContaining("a.md:2");
    }
}
