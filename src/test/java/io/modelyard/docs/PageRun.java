package io.modelyard.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.docs.BlockShell.Result;
import io.modelyard.docs.MarkdownPage.Snippet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the commands of one page, in their order, and holds what they print against the page. */
final class PageRun {
    private final MarkdownPage page;
    private final Yard yard;
    private final List<Failure> failures = new ArrayList<>();
    private int ran;
    private int compared;

    PageRun(MarkdownPage page, Yard yard) {
        this.page = page;
        this.yard = yard;
    }

    /** A block that did not do what the page says. */
    record Failure(Fence block, String what, String output) {}

    /** What became of the page. */
    record Report(MarkdownPage page, int ran, int compared, List<Failure> failures) {}

    static List<Snippet> toRun(MarkdownPage page) {
        return page.snippets().stream().filter(snippet -> snippet.commands().whyNotRun().isEmpty()).toList();
    }

    /** Where the page does not begin with starting a server, there is one. */
    Report run() throws IOException, InterruptedException {
        List<Snippet> snippets = toRun(page);
        if (!snippets.isEmpty() && !snippets.getFirst().commands().startsServer()) {
            yard.serve("exec bin/modelyard serve");
        }
        for (Snippet snippet : snippets) {
            ran++;
            run(snippet);
        }
        return new Report(page, ran, compared, List.copyOf(failures));
    }

    private void run(Snippet snippet) throws IOException, InterruptedException {
        Fence block = snippet.commands();
        Optional<String> wrongMark = block.markProblem();
        if (wrongMark.isPresent()) {
            fail(block, "there is no such mark: <!-- " + wrongMark.get() + " -->", "");
        } else if (block.startsServer()) {
            try {
                yard.serve(block.text());
            } catch (IllegalStateException e) {
                fail(block, String.valueOf(e.getMessage()), "");
            }
        } else if (block.isTranscript()) {
            Transcript transcript = Transcript.of(block.text());
            Result result = yard.shell().transcript(transcript.commands().stream().map(yard::here).toList());
            compared++;
            transcript.difference(result.printed()).ifPresent(what -> fail(block, what, result.output()));
        } else {
            Result result = yard.shell().run(yard.here(block.text()));
            if (result.exit() != block.exit()) {
                fail(block, "it ended with " + result.exit() + " in place of " + block.exit(),
                        result.output() + result.errors());
            } else {
                snippet.answer().ifPresent(answer -> compare(block, answer, result));
            }
        }
    }

    private void compare(Fence block, Fence answer, Result result) {
        compared++;
        Optional<String> difference = answer.isJson() ? json(answer.text(), result.output())
                : LooseText.difference(answer.text(), result.output());
        difference.ifPresent(
                what -> fail(block, "the answer in line " + answer.line() + " is not what it prints: " + what,
                        result.output() + result.errors()));
    }

    private static Optional<String> json(String said, String printed) {
        try {
            List<JsonNode> saidDocuments = LooseJson.read(said);
            int begin = printed.indexOf('{');
            List<JsonNode> seen = LooseJson.read(begin < 0 ? printed : printed.substring(begin));
            if (seen.size() < saidDocuments.size()) {
                return Optional.of("there are fewer documents than the page has");
            }
            // What the last commands print is what a page shows.
            List<JsonNode> last = seen.subList(seen.size() - saidDocuments.size(), seen.size());
            for (int at = 0; at < last.size(); at++) {
                Optional<String> difference = LooseJson.difference(saidDocuments.get(at), last.get(at));
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of("that cannot be read: " + e.getOriginalMessage());
        }
    }

    private void fail(Fence block, String what, String output) {
        failures.add(new Failure(block, what, output));
    }
}
