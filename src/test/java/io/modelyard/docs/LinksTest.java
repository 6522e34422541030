package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What every page in Markdown keeps, whatever it is about. */
final class LinksTest {
    private static final Path PROJECT = Path.of("");
    private static final Pattern LINK = Pattern.compile("!?\\[[^\\]]*\\]\\(([^)\\s]+)\\)|(?:src|href)=\"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$", Pattern.MULTILINE);

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            for (String target : targets(page)) {
                if (!target.matches("[a-z]+:.*") && !leads(page, target)) {
                    dead.add(page.name() + " → " + target);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void everyPageOfTheDocumentationIsReachedFromItsIndex() throws IOException {
        Set<String> linked = new HashSet<>();
        for (MarkdownPage page : pages()) {
            if (page.name().equals("docs/README.md")) {
                targets(page).forEach(target -> linked.add("docs/" + target.replaceFirst("#.*", "")));
            }
        }
        assertThat(pages().stream().map(MarkdownPage::name)
                .filter(name -> name.startsWith("docs/") && !name.equals("docs/README.md"))).isSubsetOf(linked);
    }

    @Test
    void everyBlockSaysWhatItIs() throws IOException {
        assertThat(pages().stream().flatMap(page -> page.fences().stream()).filter(fence -> fence.language().isEmpty()))
                .extracting(Fence::place).isEmpty();
    }

    @Test
    void everyMarkIsOne() throws IOException {
        assertThat(pages().stream().flatMap(page -> page.fences().stream())
                .filter(fence -> fence.markProblem().isPresent())).extracting(Fence::place).isEmpty();
    }

    /** A block that is marked otherwise is not run, so none with commands may be. */
    @Test
    void commandsStandInBlocksThatAreRun() throws IOException {
        Pattern command = Pattern.compile("^(\\$ )?(curl|mvn|bin/modelyard|java -jar) ", Pattern.MULTILINE);
        assertThat(pages().stream().flatMap(page -> page.fences().stream())
                .filter(fence -> fence.language().equals("text") && command.matcher(fence.text()).find()))
                .extracting(Fence::place).isEmpty();
    }

    @Test
    void everyDocumentCanBeRead() throws IOException {
        List<String> broken = new ArrayList<>();
        for (MarkdownPage page : pages()) {
            for (Fence fence : page.fences()) {
                try {
                    if (fence.isJson() && LooseJson.read(fence.text()).isEmpty()) {
                        broken.add(fence.place() + " is empty");
                    }
                } catch (JsonProcessingException e) {
                    broken.add(fence.place() + " " + e.getOriginalMessage());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<MarkdownPage> pages() throws IOException {
        return Documentation.pages();
    }

    private static List<String> targets(MarkdownPage page) {
        return LINK.matcher(page.prose()).results().map(LinksTest::target).toList();
    }

    private static String target(MatchResult link) {
        return link.group(1) != null ? link.group(1) : link.group(2);
    }

    private static boolean leads(MarkdownPage page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? PROJECT.resolve(page.name())
                : PROJECT.resolve(page.name()).resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return parts.length == 1 || anchors(file).contains(parts[1]);
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(Path file) throws IOException {
        Set<String> anchors = new HashSet<>();
        String prose = MarkdownPage.parse(file.toString(), Files.readString(file)).prose();
        HEADING.matcher(prose).results().map(heading -> heading.group(1).toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .forEach(name -> {
                    String anchor = name;
                    for (int more = 1; !anchors.add(anchor); more++) {
                        anchor = name + "-" + more;
                    }
                });
        return anchors;
    }
}
