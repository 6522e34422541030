package io.modelyard.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown, as far as its blocks are concerned.
 *
 * @param name from the root of the project, with slashes
 * @param prose the page without its blocks; of the same number of lines
 */
record MarkdownPage(String name, List<Fence> fences, String prose) {
    private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*)\\s*$");

    static MarkdownPage read(Path root, String name) throws IOException {
        return parse(name, Files.readString(root.resolve(name)));
    }

    static MarkdownPage parse(String name, String markdown) {
        List<Fence> fences = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        List<String> lines = markdown.lines().toList();
        Optional<String> mark = Optional.empty();
        boolean adjoins = false;
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            Matcher fence = FENCE.matcher(line);
            if (fence.matches()) {
                int end = end(name, lines, at);
                fences.add(new Fence(name, at + 2, fence.group(2), text(lines, at, end, fence.group(1).length()), mark,
                        adjoins));
                prose.append("\n".repeat(end - at + 1));
                at = end;
                mark = Optional.empty();
                adjoins = true;
            } else if (line.strip().startsWith("<!--")) {
                int end = at;
                StringBuilder comment = new StringBuilder(line.strip());
                while (!lines.get(end).contains("-->") && end + 1 < lines.size()) {
                    comment.append(' ').append(lines.get(++end).strip());
                }
                mark = Optional.of(comment.substring(4).replaceFirst("-->.*", "").strip());
                prose.append("\n".repeat(end - at + 1));
                at = end;
            } else {
                if (!line.isBlank()) {
                    mark = Optional.empty();
                    adjoins = false;
                }
                prose.append(line).append('\n');
            }
        }
        return new MarkdownPage(name, List.copyOf(fences), prose.toString());
    }

    private static int end(String name, List<String> lines, int fence) {
        for (int at = fence + 1; at < lines.size(); at++) {
            if (lines.get(at).strip().equals("```")) {
                return at;
            }
        }
        throw new IllegalArgumentException(name + ":" + (fence + 1) + ": this block has no end");
    }

    private static String text(List<String> lines, int fence, int end, int indent) {
        StringBuilder text = new StringBuilder();
        for (String line : lines.subList(fence + 1, end)) {
            text.append(line.substring(Math.min(indent, line.length() - line.stripLeading().length()))).append('\n');
        }
        return text.toString();
    }

    /** The blocks of commands, each with what it is said to print. */
    List<Snippet> snippets() {
        List<Snippet> snippets = new ArrayList<>();
        for (int at = 0; at < fences.size(); at++) {
            if (fences.get(at).isShell()) {
                Optional<Fence> next = at + 1 < fences.size() ? Optional.of(fences.get(at + 1)) : Optional.empty();
                snippets.add(new Snippet(fences.get(at), next.filter(Fence::isAnswer)));
            }
        }
        return snippets;
    }

    /** Commands, and what they are said to print, where the page says it. */
    record Snippet(Fence commands, Optional<Fence> answer) {}
}
