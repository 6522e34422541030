package io.modelyard.docs;

import java.util.Optional;
import java.util.Set;

/**
 * A fenced block of a page.
 *
 * @param page     the page, from the root of the project
 * @param line     the number of its first line of text
 * @param language what stands behind the fence, or nothing
 * @param text     what is between the fences, ending with a new line
 * @param mark     the comment right before it, without its brackets; it says how the block is run
 * @param adjoins  whether nothing but blank lines and the mark is between it and the block before
 */
record Fence(String page, int line, String language, String text, Optional<String> mark, boolean adjoins) {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "shell");
    private static final String NOT_RUN = "not run:";
    private static final String EXITS = "exits with ";

    boolean isShell() {
        return SHELLS.contains(language);
    }

    boolean isJson() {
        return "json".equals(language);
    }

    /** Whether this tells what the block before it printed: it stands right below, or says so by {@code <!-- answer -->}. */
    boolean isAnswer() {
        return (isJson() || "text".equals(language)) && (adjoins || mark.filter("answer"::equals).isPresent());
    }

    /** Why it is not run: {@code <!-- not run: needs Docker -->}. */
    Optional<String> whyNotRun() {
        return mark.filter(words -> words.startsWith(NOT_RUN)).map(words -> words.substring(NOT_RUN.length()).strip());
    }

    /** Whether it is a server that goes on: {@code <!-- starts the server -->}. */
    boolean startsServer() {
        return mark.filter("starts the server"::equals).isPresent();
    }

    /** The exit code that is right here: {@code <!-- exits with 3 -->}; curl's is 22 for an answer of 400 and above. */
    int exit() {
        return mark.filter(words -> words.startsWith(EXITS))
                .map(words -> Integer.parseInt(words.substring(EXITS.length()).strip())).orElse(0);
    }

    /** Whether commands, each behind {@code $ }, stand between what they print. */
    boolean isTranscript() {
        return isShell() && text.startsWith("$ ");
    }

    /** What is wrong with the mark, which would be overlooked otherwise. */
    Optional<String> markProblem() {
        boolean known = isAnswer() || whyNotRun().filter(why -> !why.isEmpty()).isPresent() || startsServer()
                || mark.filter(words -> words.matches("exits with \\d+")).isPresent();
        boolean meant = mark.filter(words -> words.matches("(not|starts|exits|answer)\\b.*")).isPresent();
        return isShell() && meant && !known ? mark : Optional.empty();
    }

    String place() {
        return page + ":" + line;
    }
}
