package io.modelyard.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All pages of the project, and the sources that they are held against. */
final class Documentation {
    private Documentation() {}

    static List<MarkdownPage> pages() throws IOException {
        Path project = Path.of("").toAbsolutePath();
        List<MarkdownPage> pages = new ArrayList<>();
        for (String name : CleanCopy.of(project).pages()) {
            pages.add(MarkdownPage.read(project, name));
        }
        return pages;
    }

    /** The text of every class below a folder. */
    static List<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> sources = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
            return sources;
        }
    }
}
