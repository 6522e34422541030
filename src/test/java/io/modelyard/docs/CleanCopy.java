package io.modelyard.docs;

import io.modelyard.Shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** The files of the project as somebody gets them who clones it: what git knows and what it would add, and nothing that was built. */
record CleanCopy(Path project, List<String> files) {
    static CleanCopy of(Path project) {
        Shell.Outcome listed = Shell.run(Map.of(), "git", "-c", "safe.directory=*", "-C", project.toString(),
                "ls-files", "-z", "--cached",
                "--others",
                "--exclude-standard");
        if (listed.exit() != 0) {
            throw new IllegalStateException("git cannot say which files belong to the project: " + listed.text());
        }
        return new CleanCopy(project, List.of(listed.text().split("\0")));
    }

    /** Everything that is written in Markdown, the README first: what comes later may use what it builds. */
    List<String> pages() {
        return files.stream().filter(file -> file.endsWith(".md") && Files.exists(project.resolve(file)))
                .sorted((one, other) -> rank(one).compareTo(rank(other))).toList();
    }

    private static String rank(String page) {
        return (page.equals("README.md") ? 0 : 1) + page;
    }

    void into(Path folder) throws IOException {
        for (String file : files) {
            Path from = project.resolve(file);
            if (Files.isRegularFile(from)) {
                Path to = folder.resolve(file);
                Files.createDirectories(to.getParent());
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
